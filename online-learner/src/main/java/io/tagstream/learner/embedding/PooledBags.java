package io.tagstream.learner.embedding;

/**
 * What bags are worth together.
 *
 * @param values {@code [bags, d]}: the mean of a bag's known rows
 * @param known {@code [bags]}: whether it has one
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record PooledBags(float[] values, boolean[] known) {}
