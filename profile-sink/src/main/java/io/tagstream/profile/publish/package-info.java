/**
 * When a profile is published: the transition of one user's state.
 *
 * <p>In: the user's state, a candidate, the wall clock. Out: the next state, what to publish, when
 * to look again. Pure; nothing of Flink, Kafka or Avro.
 */
@NullMarked
package io.tagstream.profile.publish;

import org.jspecify.annotations.NullMarked;
