package io.tagstream.learner.scoring;

import ai.djl.ndarray.NDArray;

/**
 * Some of the users that are scored.
 *
 * @param first number of the first one among all
 * @param count how many
 * @param fields their pooled fields, {@code [count, F·e]}
 * @param fieldOffsets bags of all users
 * @param fieldIds ids of all users' bags
 */
@SuppressWarnings("ArrayRecordComponent") // handed down, never compared
record UserChunk(int first, int count, NDArray fields, int[] fieldOffsets, long[] fieldIds) {}
