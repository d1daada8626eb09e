/**
 * Ingestion: raw records become opened and labelled impressions.
 *
 * <p>In: bytes of the topics Tagstream reads. Out: {@code UserFact}s and dead letters. This package
 * holds the configuration; {@code decode} reads and validates, {@code join} labels, {@code items}
 * finds an item's version, {@code accounting} counts, {@code flink} adapts. Flink may enter {@code
 * flink} alone; Kafka may enter nowhere.
 */
@NullMarked
package io.tagstream.ingestion;

import org.jspecify.annotations.NullMarked;
