package io.tagstream.subscriber;

import io.tagstream.schemas.UserTagProfile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.Uuid;

/**
 * Which topic a directory belongs to.
 *
 * @param topicId the topic's own id
 * @param schema fingerprint of the schema of the kept profiles
 * @param startedFrom where its first start began
 * @param topic the topic's name
 */
record StoreIdentity(Uuid topicId, long schema, StartFrom startedFrom, String topic) {

  /** The schema this release reads and keeps. */
  static final long SCHEMA =
      SchemaNormalization.parsingFingerprint64(UserTagProfile.getClassSchema());

  private static final int LAYOUT = 1;

  /**
   * Refuses another topic than this one, and profiles that this release does not read.
   *
   * @throws SubscriberException says what to do
   */
  void require(String wanted, Uuid wantedId, Path directory) {
    if (!topic.equals(wanted)) {
      throw new SubscriberException(
          "directory: %s - holds profiles of the topic %s, not of %s; use another directory"
              .formatted(directory, topic, wanted));
    }
    if (!topicId.equals(wantedId)) {
      throw new SubscriberException(
          ("directory: %s - was filled from a topic %s that is no more (id %s; the one of that name"
                  + " now is %s); stop, remove the directory and start again")
              .formatted(directory, topic, topicId, wantedId));
    }
    if (schema != SCHEMA) {
      throw new SubscriberException(
          ("directory: %s - holds profiles of schema %016x, and this release reads %016x; remove the"
                  + " directory and start again")
              .formatted(directory, schema, SCHEMA));
    }
  }

  /**
   * {@code u8 layout = 1, i64 i64 topic id, i64 schema, u8 start, i32 size, UTF-8 name of the
   * topic}.
   */
  byte[] encode() {
    byte[] name = topic.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + 3 * Long.BYTES + 1 + Integer.BYTES + name.length)
        .put((byte) LAYOUT)
        .putLong(topicId.getMostSignificantBits())
        .putLong(topicId.getLeastSignificantBits())
        .putLong(schema)
        .put((byte) startedFrom.code())
        .putInt(name.length)
        .put(name)
        .array();
  }

  /**
   * The identity in these bytes.
   *
   * @throws IllegalStateException when they are none
   */
  static StoreIdentity decode(byte[] bytes) {
    return Layout.read(
        "the directory's identity",
        LAYOUT,
        bytes,
        in ->
            new StoreIdentity(
                new Uuid(in.getLong(), in.getLong()),
                in.getLong(),
                StartFrom.of(in.get()),
                new String(Layout.bytes(in, in.getInt()), StandardCharsets.UTF_8)));
  }
}
