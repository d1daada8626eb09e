package io.tagstream.features.snapshot;

/**
 * Edges of the buckets that statistics are sorted into. Changing one changes the schema's digest.
 */
final class Buckets {

  /** Fine where rates are rare: conversions live below 5 %, clicks and stays above. */
  private static final double[] MEAN_EDGES = {
    0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9
  };

  /** Bucket 0 is a mean of exactly 0. */
  static final int MEANS = MEAN_EDGES.length + 2;

  /** Powers of two; bucket 0 is no label at all, the last one holds all above. */
  static final int COUNTS = 16;

  static final int HOURS = 24;

  private static final long HOUR_MILLIS = 3_600_000L;

  private Buckets() {}

  static int ofMean(double mean) {
    if (mean <= 0) {
      return 0;
    }
    int bucket = 1;
    while (bucket <= MEAN_EDGES.length && mean >= MEAN_EDGES[bucket - 1]) {
      bucket++;
    }
    return bucket;
  }

  static int ofCount(long count) {
    return Math.min(Long.SIZE - Long.numberOfLeadingZeros(count), COUNTS - 1);
  }

  static int ofHour(long timeMillis) {
    return (int) Math.floorMod(Math.floorDiv(timeMillis, HOUR_MILLIS), (long) HOURS);
  }

  /** All that decides a bucket, as text for the schema's digest. */
  static String describe() {
    StringBuilder text = new StringBuilder("counts at powers of two, hours UTC, means at");
    for (double edge : MEAN_EDGES) {
      // Bits, not digits: how a double prints is the JDK's to change.
      text.append(' ').append(Long.toHexString(Double.doubleToLongBits(edge)));
    }
    return text.toString();
  }
}
