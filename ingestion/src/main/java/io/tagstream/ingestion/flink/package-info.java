/**
 * Flink's side of ingestion: operators that read state, call the pure packages, write state and
 * emit; the stage that wires them; and the watermarks of its source.
 *
 * <p>In: a stream of {@code InputRecord}. Out: streams of {@code UserFact} and {@code DeadLetter}.
 * Neither Kafka nor an environment, source or sink may enter, and no algorithm.
 */
@NullMarked
package io.tagstream.ingestion.flink;

import org.jspecify.annotations.NullMarked;
