/**
 * Cursors over byte arrays for packed records: in come values, out go bytes, and back. Knows no
 * record; nothing of Flink, Avro or Kafka may enter.
 */
@NullMarked
package io.tagstream.features.bytes;

import org.jspecify.annotations.NullMarked;
