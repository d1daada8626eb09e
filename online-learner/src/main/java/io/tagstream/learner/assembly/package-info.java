/**
 * Training samples to micro-batches: emissions of one impression become one, its tags become rows.
 *
 * <p>In: {@code TrainingSample}s in the order they are to be trained. Out: a {@code MicroBatch}
 * and, per impression of it, what validation and stages need to know. Nothing of Flink, Kafka or
 * DJL may enter.
 */
@NullMarked
package io.tagstream.learner.assembly;

import org.jspecify.annotations.NullMarked;
