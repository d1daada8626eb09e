package io.tagstream.features.window;

/** A rolling window. The tile that holds the reading time counts as the newest. */
public enum Window {
  /** 24 one-hour tiles. */
  DAY("1d", 1),
  /** The newest 7 of the 30 one-day tiles. */
  WEEK("7d", 7),
  /** 30 one-day tiles. */
  MONTH("30d", 30);

  private static final long DAY_MILLIS = 86_400_000L;

  private final String label;
  private final int days;

  Window(String label, int days) {
    this.label = label;
    this.days = days;
  }

  /** Short name in feature fields. */
  public String label() {
    return label;
  }

  /** Its length in milliseconds. */
  public long millis() {
    return days * DAY_MILLIS;
  }
}
