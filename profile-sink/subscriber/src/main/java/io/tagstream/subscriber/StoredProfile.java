package io.tagstream.subscriber;

import io.tagstream.subscriber.ProfileVerdict.Mark;
import java.nio.ByteBuffer;

/**
 * What is kept of one user.
 *
 * @param partition where the record came from
 * @param generation the partition's when the user was last seen there
 * @param mark the profile's version and digest
 * @param appendTimeMillis when the broker appended it, milliseconds since the epoch
 * @param profile the record's value as it came
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; copied for nobody
record StoredProfile(
    int partition, int generation, Mark mark, long appendTimeMillis, byte[] profile) {

  private static final int LAYOUT = 1;
  private static final int HEADER_BYTES = 1 + 2 * Integer.BYTES + 3 * Long.BYTES + Integer.BYTES;

  /** The same user, seen again. */
  StoredProfile seenIn(int otherGeneration) {
    return new StoredProfile(partition, otherGeneration, mark, appendTimeMillis, profile);
  }

  /**
   * Big-endian:
   *
   * <pre>
   * u8  layout = 1
   * i32 partition
   * i32 generation
   * i64 version
   * i64 contentDigest
   * i64 appendTimeMillis
   * i32 size, bytes: the profile, an Avro single object
   * </pre>
   */
  byte[] encode() {
    return ByteBuffer.allocate(HEADER_BYTES + profile.length)
        .put((byte) LAYOUT)
        .putInt(partition)
        .putInt(generation)
        .putLong(mark.version())
        .putLong(mark.contentDigest())
        .putLong(appendTimeMillis)
        .putInt(profile.length)
        .put(profile)
        .array();
  }

  /**
   * What these bytes keep.
   *
   * @throws IllegalStateException when they are no kept profile
   */
  static StoredProfile decode(byte[] bytes) {
    return Layout.read(
        "kept profile",
        LAYOUT,
        bytes,
        in ->
            new StoredProfile(
                in.getInt(),
                in.getInt(),
                new Mark(in.getLong(), in.getLong()),
                in.getLong(),
                Layout.bytes(in, in.getInt())));
  }
}
