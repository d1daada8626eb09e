/**
 * The values of the sink: scored tags, rankings, stages and causes of one user, and the
 * configuration.
 *
 * <p>In: nothing. Out: immutable values that {@link io.tagstream.profile.select}, {@link
 * io.tagstream.profile.state} and {@link io.tagstream.profile.publish} compute with. Nothing of
 * Flink, Kafka or Avro may enter; {@link io.tagstream.profile.flink} adapts.
 */
@NullMarked
package io.tagstream.profile;

import org.jspecify.annotations.NullMarked;
