package io.tagstream.learner.assembly;

import io.tagstream.schemas.TrainingSample;

/**
 * One impression of a batch.
 *
 * @param sample its first emission in the batch: who, what, when, and the snapshot of features
 * @param user 64-bit hash of the user id
 * @param impression 64-bit hash of the impression id
 * @param windowClosed whether its label window is closed by one of its emissions here
 * @param counted {@code [K]} whether an emission other than a correction brings the task's label
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record BatchImpression(
    TrainingSample sample, long user, long impression, boolean windowClosed, boolean[] counted) {}
