/**
 * STAN's life-cycle stages: the Beta distribution of each user and task, the weights drawn from it,
 * and the names that medians over users give a user.
 *
 * <p>In: predictions of the stage head, pseudo-labels, event times. Out: weights, stages, and the
 * packed record of a user. Nothing of Flink, DJL, Kafka or Avro may enter.
 */
@NullMarked
package io.tagstream.learner.stage;

import org.jspecify.annotations.NullMarked;
