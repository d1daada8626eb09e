package io.tagstream.it;

import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Topic;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record for an input topic, and what must become of it.
 *
 * @param bytes as they are sent
 * @param what was done to it, for counts
 * @param reasons of its dead letter, one of which has to be given; empty when there is none
 * @param record what it says; null when it is refused before anybody knows
 */
record SentRecord(
    Topic topic,
    ProducerRecord<byte[], byte[]> bytes,
    String what,
    Fate fate,
    Set<DeadLetterReason> reasons,
    @Nullable SpecificRecordBase record) {

  /** Where a record ends. */
  enum Fate {
    /** An impression that is new. */
    OPENED,
    /** An impression that came before. */
    REPEATED,
    /** A click, stay or conversion that meets its impression, or repeats one that did. */
    PLACED,
    /** Says something of a user or an item. */
    NOTED,
    /** Refused by the decoder. */
    UNREAD,
    /** Read, and then refused: it has no place. */
    UNPLACED
  }

  /** Whether the decoder takes it. */
  boolean readable() {
    return fate != Fate.UNREAD;
  }

  /** Whether it becomes a dead letter. */
  boolean refused() {
    return !reasons.isEmpty();
  }

  /** The same record as a canonical single object. */
  SentRecord canonical() {
    ProducerRecord<byte[], byte[]> canonical =
        new ProducerRecord<>(
            bytes.topic(),
            bytes.partition(),
            bytes.key(),
            EventTopics.encode(Objects.requireNonNull(record)),
            bytes.headers());
    return new SentRecord(topic, canonical, what, fate, reasons, record);
  }
}
