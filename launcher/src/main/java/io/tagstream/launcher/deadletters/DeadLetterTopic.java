package io.tagstream.launcher.deadletters;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.topics.TopicConsumers;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A consumer of the topic of dead letters, outside any consumer group. Not thread-safe. */
public final class DeadLetterTopic implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTopic.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String topic;
  private final SingleObjectCodec<DeadLetter> codec = new SingleObjectCodec<>(DeadLetter.class);

  /**
   * A reader of the configuration's topic.
   *
   * @throws KafkaException when Kafka does not answer or has no such topic
   */
  public DeadLetterTopic(TagstreamConfig config) {
    this.topic = config.topics().name(Topic.DEAD_LETTERS);
    this.consumer = TopicConsumers.of(config, Topic.DEAD_LETTERS);
  }

  /**
   * Reads from the topic's beginning to where its end is now.
   *
   * @param receiver takes each letter; false when it has seen enough
   */
  public void read(Predicate<StoredLetter> receiver) {
    consumer.seekToBeginning(consumer.assignment());
    readTo(consumer.endOffsets(consumer.assignment()), receiver);
  }

  /** The letter at a place; empty when there is none (any more). */
  public Optional<StoredLetter> at(LetterPlace place) {
    TopicPartition wanted = new TopicPartition(topic, place.partition());
    long offset = place.offset();
    if (!consumer.assignment().contains(wanted)
        || offset < consumer.beginningOffsets(List.of(wanted)).getOrDefault(wanted, 0L)
        || offset >= consumer.endOffsets(List.of(wanted)).getOrDefault(wanted, 0L)) {
      return Optional.empty();
    }
    consumer.assign(List.of(wanted));
    consumer.seek(wanted, offset);
    List<StoredLetter> found = new ArrayList<>();
    readTo(Map.of(wanted, offset + 1), found::add);
    return found.stream().filter(stored -> stored.place().equals(place)).findFirst();
  }

  private void readTo(Map<TopicPartition, Long> ends, Predicate<StoredLetter> receiver) {
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        long end = ends.getOrDefault(new TopicPartition(topic, record.partition()), 0L);
        StoredLetter stored = record.offset() < end ? decode(record) : null;
        if (stored != null && !receiver.test(stored)) {
          return;
        }
      }
    }
  }

  private @Nullable StoredLetter decode(ConsumerRecord<byte[], byte[]> record) {
    try {
      return new StoredLetter(
          new LetterPlace(record.partition(), record.offset()),
          record.timestamp(),
          codec.decode(record.value()));
    } catch (MalformedRecordException e) {
      LOG.warn(
          "{}-{}@{} is no dead letter and is skipped: {}",
          topic,
          record.partition(),
          record.offset(),
          e.getMessage());
      return null;
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
