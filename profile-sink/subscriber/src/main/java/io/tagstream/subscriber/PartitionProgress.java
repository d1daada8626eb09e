package io.tagstream.subscriber;

import java.nio.ByteBuffer;

/**
 * How far a partition has been read.
 *
 * @param nextOffset the next record to read
 * @param generation grows each time the partition is read from its beginning again; users kept from
 *     it with an older one have not been seen since
 * @param sweepAt reading again: the offset at which users that were not seen are forgotten; {@link
 *     #NO_SWEEP} otherwise
 * @param asOfMillis wall clock, milliseconds since the epoch: all that the partition then held has
 *     been read, or is being read from its beginning
 */
record PartitionProgress(long nextOffset, int generation, long sweepAt, long asOfMillis) {

  static final long NO_SWEEP = -1;

  private static final int LAYOUT = 1;
  private static final int BYTES = 1 + Long.BYTES + Integer.BYTES + 2 * Long.BYTES;

  /** A partition never read before. */
  static PartitionProgress first(StartFrom start, OffsetRange range, long nowMillis) {
    long next = start == StartFrom.BEGINNING ? range.begin() : range.end();
    return new PartitionProgress(next, 0, NO_SWEEP, nowMillis);
  }

  /** Whether records between here and the partition's beginning are gone. */
  boolean isBefore(OffsetRange range) {
    return nextOffset < range.begin();
  }

  /**
   * Whether a tombstone may have come and gone unread: the topic keeps one for a while only.
   *
   * @param sinceMillis tombstones appended since then are all still there, milliseconds since the
   *     epoch
   */
  boolean mayMissTombstones(OffsetRange range, long sinceMillis) {
    return nextOffset < range.end() && asOfMillis <= sinceMillis;
  }

  /** From the beginning again. */
  PartitionProgress again(OffsetRange range, long nowMillis) {
    return new PartitionProgress(range.begin(), generation + 1, range.end(), nowMillis);
  }

  PartitionProgress at(long offset) {
    return new PartitionProgress(offset, generation, sweepAt, asOfMillis);
  }

  PartitionProgress asOf(long millis) {
    return new PartitionProgress(nextOffset, generation, sweepAt, Math.max(asOfMillis, millis));
  }

  /** Whether users that were not seen are due to be forgotten. */
  boolean isSweepDue() {
    return isReadAgain() && nextOffset >= sweepAt;
  }

  /** Whether it is being read from its beginning once more. */
  boolean isReadAgain() {
    return sweepAt != NO_SWEEP;
  }

  PartitionProgress swept() {
    return new PartitionProgress(nextOffset, generation, NO_SWEEP, asOfMillis);
  }

  /** {@code u8 layout = 1, i64 nextOffset, i32 generation, i64 sweepAt, i64 asOfMillis}. */
  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put((byte) LAYOUT)
        .putLong(nextOffset)
        .putInt(generation)
        .putLong(sweepAt)
        .putLong(asOfMillis)
        .array();
  }

  /**
   * The progress in these bytes.
   *
   * @throws IllegalStateException when they are no progress
   */
  static PartitionProgress decode(byte[] bytes) {
    return Layout.read(
        "partition progress",
        LAYOUT,
        bytes,
        in -> new PartitionProgress(in.getLong(), in.getInt(), in.getLong(), in.getLong()));
  }
}
