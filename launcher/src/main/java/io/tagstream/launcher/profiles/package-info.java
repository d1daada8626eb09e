/**
 * Reads published profiles from Kafka: follows them as they come, or finds one user's.
 *
 * <p>In: a configuration. Out: decoded profiles with when the broker appended them. Nothing of
 * Flink may enter.
 */
@NullMarked
package io.tagstream.launcher.profiles;

import org.jspecify.annotations.NullMarked;
