package io.tagstream.learner.model;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The rows of a forward pass with the feature ids behind them, for what a network computes of ids
 * and not of embedding values.
 *
 * @param shown the first so many rows, {@code S}, are tags of their impression's item; those behind
 *     are sampled negatives, of which the item's privileged fields say nothing
 * @param draw seed of what a network draws at random in this pass
 * @param impression {@code [R]}: whose bags
 * @param tag {@code [R]}: which bag of tags
 * @param tagOffsets {@code [D + 1]}: where in {@code tagIds} a bag begins: one tag, or all tags of
 *     an item that are pooled
 * @param tagIds feature ids of all bags of tags
 * @param fieldOffsets {@code [I·F + 1]}: where in {@code fieldIds} a user field's bag begins
 * @param fieldIds ids of all bags
 */
@SuppressWarnings("ArrayRecordComponent") // read in a loop; never compared
public record RowFeatures(
    int shown,
    long draw,
    int[] impression,
    int[] tag,
    int[] tagOffsets,
    long[] tagIds,
    int[] fieldOffsets,
    long[] fieldIds) {

  /** Rows of one tag each, without sampled ones among them. */
  public RowFeatures(
      int[] impression, int[] tag, long[] tagIds, int[] fieldOffsets, long[] fieldIds) {
    this(
        impression.length,
        0,
        impression,
        tag,
        IntStream.rangeClosed(0, tagIds.length).toArray(),
        tagIds,
        fieldOffsets,
        fieldIds);
  }

  /** {@code R}. */
  public int count() {
    return impression.length;
  }

  /** The first {@code S} rows alone. */
  RowFeatures shownRows() {
    return new RowFeatures(
        shown,
        draw,
        Arrays.copyOf(impression, shown),
        Arrays.copyOf(tag, shown),
        tagOffsets,
        tagIds,
        fieldOffsets,
        fieldIds);
  }
}
