package io.tagstream.learner.validation;

/**
 * One impression as the model saw it before its training step, with the labels this batch brings.
 *
 * <p>The arrays are read, never kept.
 *
 * @param user 64-bit hash of the user id
 * @param impression 64-bit hash of the impression id
 * @param impressionTimeMillis when it was shown
 * @param windowClosed whether its label window is now closed
 * @param probabilities {@code [K]} predicted, in [0, 1]
 * @param labels {@code [K]} in [0, 1]
 * @param labelled {@code [K]} whether the batch brings the task's label
 * @param counted {@code [K]} whether it brings it for the first time; false for a correction
 */
@SuppressWarnings("ArrayRecordComponent") // a parameter object; never compared
public record ScoredImpression(
    long user,
    long impression,
    long impressionTimeMillis,
    boolean windowClosed,
    float[] probabilities,
    float[] labels,
    boolean[] labelled,
    boolean[] counted) {}
