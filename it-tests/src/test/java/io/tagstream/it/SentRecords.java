package io.tagstream.it;

import io.tagstream.it.Mutation.Spoilt;
import io.tagstream.it.SentRecord.Fate;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Topic;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Makes records of a wire format. */
final class SentRecords {

  private final Wire wire;
  private final Random random;
  private int traces;

  SentRecords(Wire wire, Random random) {
    this.wire = wire;
    this.random = random;
  }

  /** Of a good event that is new. */
  static Fate fate(SpecificRecordBase record) {
    return record instanceof Impression ? Fate.OPENED : Fate.PLACED;
  }

  /** A record with its topic, key and time. */
  static WorldEvent event(SpecificRecordBase record) {
    Topic topic =
        Topic.inputs().stream()
            .filter(each -> each.recordClass() == record.getClass())
            .findFirst()
            .orElseThrow();
    long time = (long) record.get(record.getSchema().getField("eventTimeMillis").pos());
    return new WorldEvent(topic, record.get(0).toString(), time, record);
  }

  /** Some engagements have no key: their user is in the payload. */
  SentRecord good(WorldEvent event, SpecificRecordBase record, Fate fate) {
    boolean keyless = fate == Fate.PLACED && random.nextInt(10) == 0;
    byte[] key = keyless ? null : Mutation.bytes(event.key());
    byte[] value = wire.encode(event.topic(), record, random);
    return new SentRecord(
        event.topic(), record(event.topic(), key, value), "good", fate, Set.of(), record);
  }

  /** Under its own key. */
  SentRecord sent(
      WorldEvent event,
      SpecificRecordBase record,
      String what,
      Fate fate,
      Set<DeadLetterReason> reasons) {
    byte[] value = wire.encode(event.topic(), record, random);
    return new SentRecord(
        event.topic(),
        record(event.topic(), Mutation.bytes(event.key()), value),
        what,
        fate,
        reasons,
        record);
  }

  private ProducerRecord<byte[], byte[]> record(
      Topic topic, byte @Nullable [] key, byte @Nullable [] value) {
    return new ProducerRecord<>(topic.defaultName(), null, key, value, headers());
  }

  /** None, one, or the same name twice with nothing in it. */
  private List<Header> headers() {
    return switch (random.nextInt(4)) {
      case 0 -> List.of(new RecordHeader("trace", Mutation.bytes(Integer.toString(traces++))));
      case 1 -> List.of(new RecordHeader("", new byte[0]), new RecordHeader("", (byte[]) null));
      default -> List.of();
    };
  }

  /** A record that has no place. */
  SentRecord sent(SpecificRecordBase record, Unplaced how) {
    return sent(event(record), record, how.what(), Fate.UNPLACED, Set.of(how.reason()));
  }

  /** A copy with something wrong. */
  SentRecord spoilt(
      Topic topic, Spoilt spoilt, String what, Fate fate, Set<DeadLetterReason> reasons) {
    return new SentRecord(
        topic, record(topic, spoilt.key(), spoilt.value()), what, fate, reasons, spoilt.record());
  }

  /** In a partition of choice. */
  SentRecord in(int partition, SpecificRecordBase record) {
    WorldEvent event = event(record);
    String topic = event.topic().defaultName();
    return new SentRecord(
        event.topic(),
        new ProducerRecord<>(
            topic,
            partition,
            Mutation.bytes(event.key()),
            wire.encode(event.topic(), record, random)),
        "good",
        fate(record),
        Set.of(),
        record);
  }
}
