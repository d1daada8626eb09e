package io.tagstream.learner.scoring;

import java.util.Arrays;

/**
 * The largest of many scores: a heap whose smallest member is the threshold, so that most scores
 * cost one comparison. Equal scores rank by index, the lower first. Scores that are not numbers are
 * never taken.
 */
final class TopTags {

  private final long[] heap;
  private int size;
  private float threshold = Float.NEGATIVE_INFINITY;

  TopTags(int capacity) {
    heap = new long[capacity];
  }

  void clear() {
    size = 0;
    threshold = Float.NEGATIVE_INFINITY;
  }

  /** Offers {@code scores[0 .. count)}; indices ascend from call to call. */
  void offer(float[] scores, int count) {
    for (int i = 0; i < count; i++) {
      // Equal to the threshold stays out: an earlier index holds that place.
      if (scores[i] > threshold) {
        take(scores[i], i);
      }
    }
  }

  /** Moves what was taken out, best first; returns how many. */
  int drain(int[] indices, float[] scores, int at) {
    Arrays.sort(heap, 0, size);
    for (int n = 0; n < size; n++) {
      long key = heap[size - 1 - n];
      indices[at + n] = ~(int) key;
      scores[at + n] = unsortable((int) (key >> 32));
    }
    int drained = size;
    clear();
    return drained;
  }

  private void take(float score, int index) {
    // Lower indices are larger keys among equal scores.
    long key = ((long) sortable(score) << 32) | (~index & 0xffffffffL);
    if (size < heap.length) {
      heap[size] = key;
      siftUp(size++);
    } else {
      heap[0] = key;
      siftDown();
    }
    if (size == heap.length) {
      threshold = unsortable((int) (heap[0] >> 32));
    }
  }

  private void siftUp(int from) {
    int child = from;
    while (child > 0) {
      int parent = (child - 1) >> 1;
      if (heap[parent] <= heap[child]) {
        return;
      }
      swap(parent, child);
      child = parent;
    }
  }

  private void siftDown() {
    int parent = 0;
    while (true) {
      int child = 2 * parent + 1;
      if (child >= size) {
        return;
      }
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[parent] <= heap[child]) {
        return;
      }
      swap(parent, child);
      parent = child;
    }
  }

  private void swap(int a, int b) {
    long key = heap[a];
    heap[a] = heap[b];
    heap[b] = key;
  }

  private static int sortable(float value) {
    int bits = Float.floatToIntBits(value);
    return bits ^ ((bits >> 31) & 0x7fffffff);
  }

  private static float unsortable(int key) {
    return Float.intBitsToFloat(key ^ ((key >> 31) & 0x7fffffff));
  }
}
