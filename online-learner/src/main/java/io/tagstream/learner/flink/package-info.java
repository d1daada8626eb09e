/**
 * The learner as a Flink operator: buffers samples into batches, answers score requests, keeps the
 * complete model in its checkpoints. Adapts only: what is computed stands in the other packages.
 *
 * <p>In: {@code LearnerInput} keyed by user. Out: {@code ProfileInput}; as side outputs model
 * metrics, announced snapshots and quarantined samples.
 */
@NullMarked
package io.tagstream.learner.flink;

import org.jspecify.annotations.NullMarked;
