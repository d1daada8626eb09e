package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;

/**
 * What a network sees of users alone. {@code U} users, {@code F} user fields, {@code e} size of an
 * embedding row.
 *
 * @param fields pooled user fields, {@code [U, F·e]}
 * @param fieldOffsets {@code [U·F + 1]}: where in {@code fieldIds} a user field's bag begins
 * @param fieldIds feature ids of all bags
 */
@SuppressWarnings("ArrayRecordComponent") // read in a loop; never compared
public record UserInputs(NDArray fields, int[] fieldOffsets, long[] fieldIds) {}
