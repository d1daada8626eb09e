package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Further logits that are trained beside the first ones.
 *
 * @param logits {@code [N, K]}
 * @param rows {@code [N]}: which rows they are of, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // read in a loop; never compared
public record Auxiliary(NDArray logits, int[] rows) {

  /** Logits of the first rows, as many as there are. */
  public static Auxiliary ofFirst(NDArray logits) {
    int count = Math.toIntExact(logits.getShape().get(0));
    return new Auxiliary(logits, IntStream.range(0, count).toArray());
  }

  /**
   * The same where its rows were some of others.
   *
   * @param chosen which of those they were, ascending
   */
  Auxiliary among(int[] chosen) {
    return new Auxiliary(logits, Arrays.stream(rows).map(row -> chosen[row]).toArray());
  }
}
