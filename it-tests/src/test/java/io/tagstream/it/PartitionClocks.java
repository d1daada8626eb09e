package io.tagstream.it;

import java.util.Arrays;

/**
 * Time as the partitions of a source tell it: each one's newest event less the bound, the slowest
 * one that is not idle for all. Written from the words of the documentation.
 */
final class PartitionClocks {

  private static final long NONE = Long.MIN_VALUE;

  private final long boundMillis;
  private final long idlenessMillis;
  private final long[] newest;
  private final long[] heard;
  private long watermark = NONE;

  PartitionClocks(int partitions, long boundMillis, long idlenessMillis, long now) {
    this.boundMillis = boundMillis;
    this.idlenessMillis = idlenessMillis;
    this.newest = new long[partitions];
    this.heard = new long[partitions];
    restart(now);
  }

  /** Partitions are forgotten, and what time it is is not. */
  void restart(long now) {
    Arrays.fill(newest, NONE);
    Arrays.fill(heard, now);
  }

  void event(int partition, long timeMillis, long now) {
    newest[partition] = Math.max(newest[partition], timeMillis);
    heard[partition] = now;
  }

  /** The watermark at a moment of the wall clock; never goes back. */
  long watermark(long now) {
    long slowest = Long.MAX_VALUE;
    for (int partition = 0; partition < newest.length; partition++) {
      if (now - heard[partition] < idlenessMillis) {
        slowest = Math.min(slowest, newest[partition]);
      }
    }
    if (slowest != Long.MAX_VALUE && slowest != NONE) {
      watermark = Math.max(watermark, slowest - boundMillis - 1);
    }
    return watermark;
  }
}
