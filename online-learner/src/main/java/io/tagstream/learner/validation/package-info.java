/**
 * Progressive validation: every impression is scored before it is trained, and the figures of the
 * last rows say how the model does now.
 *
 * <p>In: probabilities and labels of impressions, as primitive arrays. Out: figures per task. Its
 * state is bytes. Nothing of Flink, DJL, Kafka or Avro may enter.
 */
@NullMarked
package io.tagstream.learner.validation;

import org.jspecify.annotations.NullMarked;
