/**
 * Micro-batches as primitive arrays: what one training step reads.
 *
 * <p>In: samples, already assembled by the caller. Out: a {@link
 * io.tagstream.learner.batch.MicroBatch}. Nothing of Flink, Avro or DJL may enter.
 */
@NullMarked
package io.tagstream.learner.batch;

import org.jspecify.annotations.NullMarked;
