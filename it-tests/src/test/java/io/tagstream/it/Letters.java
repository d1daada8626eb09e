package io.tagstream.it;

import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.RecordHeader;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * What was sent and refused, by where it lay, against the dead letters: each exactly once, for a
 * reason that was expected, untouched. What was refused behind the decoder has canonical bytes, and
 * neither key nor headers.
 */
final class Letters {

  private record Place(String topic, int partition, long offset) {}

  private final EventTopics topics;
  private final Map<Place, SentRecord> outstanding = new ConcurrentHashMap<>();
  private final Map<DeadLetterReason, Integer> byReason = new TreeMap<>();

  Letters(EventTopics topics) {
    this.topics = topics;
  }

  /** Sends records, and remembers where those lie that must be refused. */
  void send(List<SentRecord> records) {
    for (SentRecord sent : records) {
      ProducerRecord<byte[], byte[]> bytes = sent.bytes();
      topics.send(
          new ProducerRecord<>(
              topics.config().topics().name(sent.topic()),
              bytes.partition(),
              bytes.key(),
              bytes.value(),
              bytes.headers()),
          place -> {
            if (sent.refused()) {
              outstanding.put(new Place(place.topic(), place.partition(), place.offset()), sent);
            }
          });
    }
    topics.flush();
  }

  /** How often each reason was given. */
  Map<DeadLetterReason, Integer> byReason() {
    return byReason;
  }

  /** What is wrong, letter by letter; the first few of each kind. */
  List<String> faults(List<ConsumerRecord<byte[], byte[]>> written)
      throws MalformedRecordException {
    SingleObjectCodec<DeadLetter> codec = new SingleObjectCodec<>(DeadLetter.class);
    List<String> faults = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : written) {
      DeadLetter letter = codec.decode(record.value());
      byReason.merge(letter.getReason(), 1, Integer::sum);
      Place place = new Place(letter.getTopic(), letter.getPartition(), letter.getOffset());
      SentRecord sent = outstanding.remove(place);
      if (sent == null) {
        faults.add(place + ": not refused, or twice: " + letter.getReason() + letter.getDetail());
      } else if (!sent.reasons().contains(letter.getReason()) || letter.getDetail().isEmpty()) {
        faults.add(
            "%s, %s: must be %s, is %s, %s"
                .formatted(
                    place, sent.what(), sent.reasons(), letter.getReason(), letter.getDetail()));
      } else if (!untouched(sent, letter, record)) {
        faults.add(place + ", " + sent.what() + ": key, value or headers differ");
      }
    }
    outstanding.forEach((place, sent) -> faults.add(place + ", " + sent.what() + ": no letter"));
    return faults;
  }

  private static boolean untouched(
      SentRecord sent, DeadLetter letter, ConsumerRecord<byte[], byte[]> written)
      throws MalformedRecordException {
    boolean read = sent.record() != null;
    byte[] key = read ? null : sent.bytes().key();
    List<RecordHeader> headers = read ? List.of() : headers(sent.bytes().headers());
    return Objects.equals(letter.getKey(), wrapped(key))
        && (read ? says(sent, letter) : sameBytes(sent, letter))
        && letter.getHeaders().equals(headers)
        && letter.getAppendTimeMillis() > 0
        && Arrays.equals(written.key(), key)
        && headers(written.headers()).equals(headers);
  }

  private static boolean sameBytes(SentRecord sent, DeadLetter letter) {
    return Objects.equals(letter.getValue(), wrapped(sent.bytes().value()));
  }

  /** Canonical bytes are not one for one: a map has no order. */
  private static boolean says(SentRecord sent, DeadLetter letter) throws MalformedRecordException {
    return new SingleObjectCodec<>(sent.topic().recordClass())
        .decode(Utils.toArray(letter.getValue()))
        .equals(sent.record());
  }

  private static List<RecordHeader> headers(Headers headers) {
    return Arrays.stream(headers.toArray())
        .map(header -> new RecordHeader(header.key(), wrapped(header.value())))
        .toList();
  }

  private static @Nullable ByteBuffer wrapped(byte @Nullable [] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }
}
