package io.tagstream.learner.scoring;

import java.util.Arrays;

/**
 * The largest of many cosines. One pass counts them into buckets; from the top the first buckets
 * that together hold enough are collected and sorted, all others cost one comparison. Equal scores
 * rank by index, the lower first. Scores that are not numbers are never taken.
 */
final class TopTags {

  private static final int BUCKETS = 2048;

  private final int capacity;
  private final int[] counts = new int[BUCKETS + 1];
  private int[] bucketOf = new int[0];
  private long[] keys = new long[0];

  TopTags(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Selects.
   *
   * @param scores scores, in about {@code [-1, 1]}; beyond, they share the outermost buckets
   * @param count how many of them
   * @param indices receives indices of the best from {@code at}, best first
   * @param best receives their scores from {@code at}
   * @return how many were selected: the capacity, or fewer where there are fewer numbers
   */
  int select(float[] scores, int count, int[] indices, float[] best, int at) {
    int threshold = threshold(scores, count);
    int collected = 0;
    for (int i = 0; i < count; i++) {
      if (bucketOf[i] >= threshold) {
        // Lower indices are larger keys among equal scores.
        keys[collected++] = ((long) sortable(scores[i]) << 32) | (~i & 0xffffffffL);
      }
    }
    Arrays.sort(keys, 0, collected);
    int selected = Math.min(capacity, collected);
    for (int n = 0; n < selected; n++) {
      long key = keys[collected - 1 - n];
      indices[at + n] = ~(int) key;
      best[at + n] = scores[~(int) key];
    }
    return selected;
  }

  /** The highest bucket that, with those above it, holds enough; bucket 0 holds no numbers. */
  private int threshold(float[] scores, int count) {
    if (bucketOf.length < count) {
      bucketOf = new int[count];
      keys = new long[count];
    }
    Arrays.fill(counts, 0);
    for (int i = 0; i < count; i++) {
      float score = scores[i];
      int bucket = (int) ((score + 1f) * (BUCKETS / 2f));
      bucket = Math.max(1, Math.min(BUCKETS, bucket));
      bucket = Float.isNaN(score) ? 0 : bucket;
      bucketOf[i] = bucket;
      counts[bucket]++;
    }
    int bucket = BUCKETS;
    int above = counts[bucket];
    while (above < capacity && bucket > 1) {
      above += counts[--bucket];
    }
    return bucket;
  }

  private static int sortable(float value) {
    int bits = Float.floatToIntBits(value);
    return bits ^ ((bits >> 31) & 0x7fffffff);
  }
}
