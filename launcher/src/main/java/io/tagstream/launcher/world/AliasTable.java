package io.tagstream.launcher.world;

import java.util.Arrays;

/** Draws an index in proportion to fixed weights in O(1) (Walker's alias method, Vose's build). */
final class AliasTable {

  private final double[] keep;
  private final int[] alias;

  /**
   * A table of these weights.
   *
   * @param weights not negative, at least one positive
   */
  AliasTable(double[] weights) {
    int size = weights.length;
    double total = Arrays.stream(weights).sum();
    keep = new double[size];
    alias = new int[size];
    int[] small = new int[size];
    int[] large = new int[size];
    int smalls = 0;
    int larges = 0;
    for (int i = 0; i < size; i++) {
      keep[i] = weights[i] * size / total;
      alias[i] = i;
      if (keep[i] < 1) {
        small[smalls++] = i;
      } else {
        large[larges++] = i;
      }
    }
    while (smalls > 0 && larges > 0) {
      int less = small[--smalls];
      int more = large[larges - 1];
      alias[less] = more;
      keep[more] -= 1 - keep[less];
      if (keep[more] < 1) {
        larges--;
        small[smalls++] = more;
      }
    }
    // What is left over differs from 1 by rounding only; an entry without weight is never left.
    for (int i = 0; i < smalls; i++) {
      keep[small[i]] = 1;
    }
    for (int i = 0; i < larges; i++) {
      keep[large[i]] = 1;
    }
  }

  int draw(SeededRandom random) {
    int i = random.nextInt(keep.length);
    return random.nextDouble() < keep[i] ? i : alias[i];
  }
}
