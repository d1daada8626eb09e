package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The rows of a pass by kind of item: those profiles are for, the target, and those of all other
 * kinds, the source. Either may have none.
 *
 * @param target rows, ascending
 * @param source rows, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // read in loops, never compared
record EntityRows(int[] target, int[] source) {

  /** Keeps these draws apart from those of sampled negatives, which have the same seed. */
  private static final long BLIND = 0x626c696e64L;

  static EntityRows of(RowFeatures rows) {
    return new EntityRows(
        IntStream.range(0, rows.count()).filter(row -> !rows.ofSource(row)).toArray(),
        IntStream.range(0, rows.count()).filter(rows::ofSource).toArray());
  }

  /**
   * {@code [T, K]} of the target's rows and {@code [R − T, K]} of the source's as {@code [R, K]}.
   */
  NDArray joined(Weights w, NDList ofTargetThenSource) {
    if (target.length == 0 || source.length == 0) {
      return ofTargetThenSource.get(0);
    }
    int[] place = new int[target.length + source.length];
    for (int n = 0; n < target.length; n++) {
      place[target[n]] = n;
    }
    for (int n = 0; n < source.length; n++) {
      place[source[n]] = target.length + n;
    }
    return Layers.rows(Layers.concat(ofTargetThenSource, 0), w.indices(place));
  }

  /**
   * Which rows do not see the privileged fields: sampled negatives, which have no item, and of the
   * others so many as are drawn.
   *
   * @param rate share of them
   * @return {@code [R]}
   */
  static boolean[] blind(RowFeatures rows, float rate) {
    SplittableRandom random = new SplittableRandom(rows.draw() ^ BLIND);
    boolean[] blind = new boolean[rows.count()];
    Arrays.fill(blind, true);
    for (int row = 0; row < rows.shown(); row++) {
      blind[row] = random.nextDouble() < rate;
    }
    return blind;
  }
}
