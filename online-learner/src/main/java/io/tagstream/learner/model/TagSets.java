package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;

/**
 * Rows gathered by impression: {@code G} items, each with the set of its tags, {@code L} of them at
 * most. Rows of an impression stand together.
 */
final class TagSets {

  private final int count;
  private final int width;
  private final int[] members;
  private final float[] shares;
  private final int[] setOfRow;

  /** The sets of rows without sampled negatives. */
  TagSets(RowFeatures shown) {
    int[] impression = shown.impression();
    setOfRow = new int[impression.length];
    int sets = 0;
    int longest = 0;
    int length = 0;
    for (int r = 0; r < impression.length; r++) {
      boolean begins = r == 0 || impression[r] != impression[r - 1];
      sets += begins ? 1 : 0;
      length = begins ? 1 : length + 1;
      longest = Math.max(longest, length);
      setOfRow[r] = sets - 1;
    }
    count = sets;
    width = longest;
    members = new int[count * width];
    shares = new float[count * width];
    for (int from = 0, to = 0; from < impression.length; from = to) {
      while (to < impression.length && setOfRow[to] == setOfRow[from]) {
        to++;
      }
      int at = setOfRow[from] * width;
      for (int r = from; r < to; r++) {
        members[at + r - from] = r;
        shares[at + r - from] = 1f / (to - from);
      }
    }
  }

  /** {@code G}. */
  int count() {
    return count;
  }

  /** {@code L}. */
  int width() {
    return width;
  }

  /** {@code [S]}: the set a row belongs to. */
  int[] setOfRow() {
    return setOfRow;
  }

  /** Whether a set has a tag at a place. */
  boolean holds(int set, int place) {
    return shares[set * width + place] > 0;
  }

  /** A row of a set. */
  int member(int set, int place) {
    return members[set * width + place];
  }

  /** What rows have, by set, with anything at places that are empty: {@code [S, n] → [G, L, n]}. */
  NDArray gathered(Weights w, NDArray ofRows) {
    return Layers.rows(ofRows, w.indices(members)).reshape(count, width, ofRows.getShape().get(1));
  }

  /** The means over sets: {@code [G, L, n] → [G, n]}. */
  NDArray mean(Weights w, NDArray gathered) {
    NDArray weights = w.input(shares, shares.length, false, count, width, 1);
    return gathered.mul(weights).sum(new int[] {1});
  }

  /** The tags of a set in order of their index, to tell equal sets. */
  int[] tags(int set, int[] rowTag) {
    int size = 0;
    while (size < width && holds(set, size)) {
      size++;
    }
    int[] tags = new int[size];
    for (int place = 0; place < size; place++) {
      tags[place] = rowTag[member(set, place)];
    }
    Arrays.sort(tags);
    return tags;
  }
}
