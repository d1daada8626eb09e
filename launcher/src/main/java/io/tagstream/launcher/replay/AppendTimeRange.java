package io.tagstream.launcher.replay;

import java.io.Serializable;

/**
 * A range of append time, milliseconds since the epoch.
 *
 * @param sinceMillis in the range
 * @param untilMillis behind it
 */
public record AppendTimeRange(long sinceMillis, long untilMillis) implements Serializable {

  /** All time. */
  public static final AppendTimeRange ALL = new AppendTimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

  /** Whether it has a beginning. */
  public boolean begins() {
    return sinceMillis != Long.MIN_VALUE;
  }

  /** Whether it has an end. */
  public boolean ends() {
    return untilMillis != Long.MAX_VALUE;
  }

  boolean contains(long appendTimeMillis) {
    return sinceMillis <= appendTimeMillis && appendTimeMillis < untilMillis;
  }

  boolean overlaps(long firstMillis, long lastMillis) {
    return firstMillis < untilMillis && lastMillis >= sinceMillis;
  }
}
