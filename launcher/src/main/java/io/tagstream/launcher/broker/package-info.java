/**
 * A Kafka broker of our own for demos, benchmarks and tests: one process beside the launcher, from
 * Maven artifacts alone.
 *
 * <p>In: a folder for its data. Out: bootstrap servers on loopback. The broker's classes are loaded
 * in the child process only ({@link io.tagstream.launcher.broker.EmbeddedBrokerMain}); nothing of
 * Flink may enter.
 */
@NullMarked
package io.tagstream.launcher.broker;

import org.jspecify.annotations.NullMarked;
