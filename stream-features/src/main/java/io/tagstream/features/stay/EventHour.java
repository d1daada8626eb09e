package io.tagstream.features.stay;

/** Hours of event time, counted from the epoch. */
public final class EventHour {

  private static final long MILLIS = 3_600_000L;

  private EventHour() {}

  /** The hour that this time lies in. */
  public static long of(long timeMillis) {
    return Math.floorDiv(timeMillis, MILLIS);
  }

  /**
   * The newest hour that is over.
   *
   * @param watermark all of event time up to it has passed; the largest long is none of time
   */
  public static long lastComplete(long watermark) {
    return of(watermark + 1) - 1;
  }
}
