/**
 * What the sink remembers of a user, and its versioned byte layout.
 *
 * <p>In: the state after a transition. Out: bytes, and the state back. Nothing of Flink, Kafka or
 * Avro may enter.
 */
@NullMarked
package io.tagstream.profile.state;

import org.jspecify.annotations.NullMarked;
