package io.tagstream.subscriber;

/**
 * What a partition holds.
 *
 * @param begin its first offset
 * @param end the offset behind its last committed record
 */
record OffsetRange(long begin, long end) {}
