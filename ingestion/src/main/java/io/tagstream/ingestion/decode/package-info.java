/**
 * From bytes to records: formats, and the one set of rules for what a record must be.
 *
 * <p>In: key, value, headers and position of a record. Out: an {@code InputRecord}, whose body is a
 * dead letter when the record was refused. Neither Flink nor Kafka may enter.
 */
@NullMarked
package io.tagstream.ingestion.decode;

import org.jspecify.annotations.NullMarked;
