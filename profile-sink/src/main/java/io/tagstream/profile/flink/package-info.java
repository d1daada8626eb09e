/**
 * The sink as a Flink stage: scored users and deletions in, profiles and their changes out.
 *
 * <p>Only adapts: reads the user's state, calls {@link io.tagstream.profile.publish}, writes the
 * state, emits. Creates no environment, source or sink.
 */
@NullMarked
package io.tagstream.profile.flink;

import org.jspecify.annotations.NullMarked;
