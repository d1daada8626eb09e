package io.tagstream.ingestion.join;

/** Where a record came from: topic, partition, offset, and the broker's append time. */
public record RecordSource(String topic, int partition, long offset, long appendTimeMillis) {}
