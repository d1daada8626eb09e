package io.tagstream.learner.scoring;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.model.UserInputs;
import java.util.Arrays;

/**
 * Some of the users that are scored.
 *
 * @param first number of the first one among all
 * @param count how many
 * @param fields number of user fields, {@code F}
 * @param pooled their pooled fields, {@code [count, F·e]}
 * @param fieldOffsets bags of all users
 * @param fieldIds ids of all users' bags
 */
@SuppressWarnings("ArrayRecordComponent") // handed down, never compared
record UserChunk(
    int first, int count, int fields, NDArray pooled, int[] fieldOffsets, long[] fieldIds) {

  /** These users alone, as a network sees them. */
  UserInputs inputs() {
    int from = first * fields;
    int[] offsets = Arrays.copyOfRange(fieldOffsets, from, from + count * fields + 1);
    return new UserInputs(pooled, offsets, fieldIds);
  }
}
