package io.tagstream.learner.scoring;

import io.tagstream.learner.model.Weights;
import org.jspecify.annotations.Nullable;

/**
 * Some of the users that are scored.
 *
 * @param first number of the first one among all
 * @param count how many
 * @param tensors what the network sees of them
 * @param frozen what its frozen copy sees; null for networks without one
 * @param fieldOffsets bags of all users
 * @param fieldIds ids of all users' bags
 */
@SuppressWarnings("ArrayRecordComponent") // handed down, never compared
record UserChunk(
    int first,
    int count,
    UserTensors tensors,
    @Nullable Frozen frozen,
    int[] fieldOffsets,
    long[] fieldIds) {

  /**
   * What a frozen copy sees of the users.
   *
   * @param weights its parameters
   * @param tensors of the copied rows
   */
  record Frozen(Weights weights, UserTensors tensors) {}
}
