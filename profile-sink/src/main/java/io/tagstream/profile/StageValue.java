package io.tagstream.profile;

import org.jspecify.annotations.Nullable;

/**
 * Beta life-cycle stage of one task, carried through as the learner gave it.
 *
 * @param task the task's name
 * @param alpha first parameter of the Beta distribution
 * @param beta second parameter
 * @param count labels counted into it
 * @param pseudoLabel rolling mean label; null without matured history
 */
public record StageValue(
    String task, double alpha, double beta, double count, @Nullable Float pseudoLabel) {}
