package io.tagstream.learner.scoring;

import io.tagstream.learner.model.UserInputs;
import io.tagstream.learner.model.Weights;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some of the users that are scored.
 *
 * @param first number of the first one among all
 * @param count how many
 * @param fields number of user fields, {@code F}
 * @param tensors what the network sees of them
 * @param frozen what its frozen copy sees; null for networks without one
 * @param fieldOffsets bags of all users
 * @param fieldIds ids of all users' bags
 */
@SuppressWarnings("ArrayRecordComponent") // handed down, never compared
record UserChunk(
    int first,
    int count,
    int fields,
    UserTensors tensors,
    @Nullable Frozen frozen,
    int[] fieldOffsets,
    long[] fieldIds) {

  /** These users alone, as a network sees them. */
  UserInputs inputs() {
    int from = first * fields;
    int[] offsets = Arrays.copyOfRange(fieldOffsets, from, from + count * fields + 1);
    UserInputs.Frozen copied =
        frozen == null ? null : new UserInputs.Frozen(frozen.weights(), frozen.tensors().fields());
    return new UserInputs(tensors.fields(), offsets, fieldIds, copied);
  }

  /**
   * What a frozen copy sees of the users.
   *
   * @param weights its parameters
   * @param tensors of the copied rows
   */
  record Frozen(Weights weights, UserTensors tensors) {}
}
