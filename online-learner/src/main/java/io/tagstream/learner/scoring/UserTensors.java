package io.tagstream.learner.scoring;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.model.History;
import org.jspecify.annotations.Nullable;

/**
 * Some users' embedding values, {@code [U, …]}.
 *
 * @param fields pooled fields, {@code [U, F·e]}
 * @param history one of them as a sequence; null where the network reads none
 */
record UserTensors(NDArray fields, @Nullable History history) {}
