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
 * @param source {@code [I]}: whether an impression is of another kind of item than the profiles are
 *     for; empty where none is
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
    long[] fieldIds,
    boolean[] source) {

  /** Rows of the kind of item that profiles are for. */
  public RowFeatures(
      int shown,
      long draw,
      int[] impression,
      int[] tag,
      int[] tagOffsets,
      long[] tagIds,
      int[] fieldOffsets,
      long[] fieldIds) {
    this(shown, draw, impression, tag, tagOffsets, tagIds, fieldOffsets, fieldIds, new boolean[0]);
  }

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

  /** Whether a row's impression is of another kind of item than profiles are for. */
  boolean ofSource(int row) {
    return source.length > 0 && source[impression[row]];
  }

  /** The same with impressions of other kinds of items among them. */
  public RowFeatures withSource(boolean[] impressions) {
    return new RowFeatures(
        shown, draw, impression, tag, tagOffsets, tagIds, fieldOffsets, fieldIds, impressions);
  }

  /** The first {@code S} rows alone. */
  RowFeatures shownRows() {
    return of(IntStream.range(0, shown).toArray());
  }

  /** Some of the rows, ascending. */
  RowFeatures of(int[] rows) {
    return new RowFeatures(
        (int) Arrays.stream(rows).filter(row -> row < shown).count(),
        draw,
        Arrays.stream(rows).map(row -> impression[row]).toArray(),
        Arrays.stream(rows).map(row -> tag[row]).toArray(),
        tagOffsets,
        tagIds,
        fieldOffsets,
        fieldIds,
        source);
  }
}
