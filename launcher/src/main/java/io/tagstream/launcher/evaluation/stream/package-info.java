/**
 * Models on the stream of a log or a planted world: its events go through ingestion and features
 * once, and every trial learns from the recorded samples in the order in which their labels became
 * known.
 *
 * <p>In: an event source and settings. Out: next-day tags or true interests, and progressive
 * validation, per trial.
 */
@NullMarked
package io.tagstream.launcher.evaluation.stream;

import org.jspecify.annotations.NullMarked;
