/**
 * Networks: embedding values in, logits and the factored profile view out. Parameters live in Java
 * arrays; a {@link io.tagstream.learner.model.Weights} holds them as tensors for one step.
 *
 * <p>Knows DJL; knows no batches of samples, no optimiser, no table. Nothing of Flink or Avro may
 * enter.
 */
@NullMarked
package io.tagstream.learner.model;

import org.jspecify.annotations.NullMarked;
