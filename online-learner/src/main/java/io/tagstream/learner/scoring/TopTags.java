package io.tagstream.learner.scoring;

import it.unimi.dsi.fastutil.longs.LongHeaps;
import java.util.Arrays;

/**
 * The largest of many scores, in one pass over a heap of the best so far: what does not beat the
 * worst of them costs one comparison. Equal scores rank by index, the lower first. Scores that are
 * not numbers are never taken.
 */
final class TopTags {

  private final int capacity;

  /** Score in the upper half, complement of the index in the lower: the best is the largest. */
  private final long[] heap;

  TopTags(int capacity) {
    this.capacity = capacity;
    this.heap = new long[capacity];
  }

  /**
   * Selects.
   *
   * @param scores larger than negative infinity, or not numbers
   * @param from where they begin
   * @param count how many of them
   * @param indices receives indices of the best, counted from {@code from}, best first
   * @param best receives their scores
   * @param at where in {@code indices} and {@code best} to begin
   * @return how many were selected: the capacity, or fewer where there are fewer numbers
   */
  int select(float[] scores, int from, int count, int[] indices, float[] best, int at) {
    int held = 0;
    float worst = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      float score = scores[from + i];
      // Among equal scores the one that came first is better, so it must be larger.
      if (score > worst) {
        long key = ((long) sortable(score) << 32) | (~i & 0xffffffffL);
        if (held < capacity) {
          heap[held++] = key;
          if (held == capacity) {
            LongHeaps.makeHeap(heap, held, null);
          }
        } else {
          heap[0] = key;
          LongHeaps.downHeap(heap, held, 0, null);
        }
        if (held == capacity) {
          worst = scores[from + index(heap[0])];
        }
      }
    }
    Arrays.sort(heap, 0, held);
    for (int n = 0; n < held; n++) {
      indices[at + n] = index(heap[held - 1 - n]);
      best[at + n] = scores[from + indices[at + n]];
    }
    return held;
  }

  private static int index(long key) {
    return ~(int) key;
  }

  private static int sortable(float value) {
    int bits = Float.floatToIntBits(value);
    return bits ^ ((bits >> 31) & 0x7fffffff);
  }
}
