/**
 * How good profiles are: recovery of planted interests, and tomorrow's clicks on a real log,
 * against count baselines from the same events.
 *
 * <p>In: the events as they were sent, profiles as they were published, the truth of a planted
 * world. Out: figures. Pure Java; nothing of Flink or Kafka may enter, and nothing here reaches a
 * stage.
 */
@NullMarked
package io.tagstream.launcher.evaluation;

import org.jspecify.annotations.NullMarked;
