/**
 * Which tags a profile shows, and what changed against the last one.
 *
 * <p>In: candidates and the published ranking. Out: the ranking to publish, the moves, a digest.
 * Pure functions; no clock, no state, nothing of Flink, Kafka or Avro.
 */
@NullMarked
package io.tagstream.profile.select;

import org.jspecify.annotations.NullMarked;
