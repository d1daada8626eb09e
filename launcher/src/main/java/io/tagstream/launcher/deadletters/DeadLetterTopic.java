package io.tagstream.launcher.deadletters;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
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

  /** A reader of the configuration's topic. */
  public DeadLetterTopic(TagstreamConfig config) {
    Map<String, Object> properties = config.kafka().clientProperties();
    properties.put("isolation.level", "read_committed");
    this.topic = config.topics().name(Topic.DEAD_LETTERS);
    this.consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList());
  }

  /**
   * Reads from the topic's beginning to where its end is now.
   *
   * @param receiver takes each letter; false when it has seen enough
   */
  public void read(Predicate<StoredLetter> receiver) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    consumer.seekToBeginning(consumer.assignment());
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
          record.partition(), record.offset(), record.timestamp(), codec.decode(record.value()));
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
