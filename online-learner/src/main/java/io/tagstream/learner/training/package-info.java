/**
 * One training step on a micro-batch: gather, forward, weigh, backward, guard, apply.
 *
 * <p>In: micro-batches and stage weights. Out: predictions made before the step, and the complete
 * training state for checkpoints. Knows DJL through {@code tensor} and {@code model}; nothing of
 * Flink or Avro may enter.
 */
@NullMarked
package io.tagstream.learner.training;

import org.jspecify.annotations.NullMarked;
