package io.tagstream.learner.model;

/**
 * The rows of a forward pass with the feature ids behind them, for what a network computes of ids
 * and not of embedding values.
 *
 * @param impression {@code [R]}: whose bags
 * @param tag {@code [R]}: index into {@code tagIds}
 * @param tagIds {@code [D]}: feature ids of distinct tags
 * @param fieldOffsets {@code [I·F + 1]}: where in {@code fieldIds} a user field's bag begins
 * @param fieldIds ids of all bags
 */
@SuppressWarnings("ArrayRecordComponent") // read in a loop; never compared
public record RowFeatures(
    int[] impression, int[] tag, long[] tagIds, int[] fieldOffsets, long[] fieldIds) {

  /** {@code R}. */
  public int count() {
    return impression.length;
  }
}
