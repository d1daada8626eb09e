package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * What a network sees of users alone. {@code U} users, {@code F} user fields, {@code e} size of an
 * embedding row.
 *
 * @param fields pooled user fields, {@code [U, F·e]}
 * @param fieldOffsets {@code [U·F + 1]}: where in {@code fieldIds} a user field's bag begins
 * @param fieldIds feature ids of all bags
 * @param frozen what a frozen copy reads of the same users; null for networks without one
 */
@SuppressWarnings("ArrayRecordComponent") // read in a loop; never compared
public record UserInputs(
    NDArray fields, int[] fieldOffsets, long[] fieldIds, @Nullable Frozen frozen) {

  /**
   * What a frozen copy reads of users: nothing in it gets a gradient.
   *
   * @param weights the copied parameters, under their own names
   * @param fields pooled user fields of when the copy was taken, {@code [U, F·e]}
   */
  public record Frozen(Weights weights, NDArray fields) {}

  /** The frozen copy, where a network has one. */
  Frozen frozenForReading() {
    if (frozen == null) {
      throw new IllegalStateException("no frozen copy was given");
    }
    return frozen;
  }
}
