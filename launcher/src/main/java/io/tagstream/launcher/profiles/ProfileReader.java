package io.tagstream.launcher.profiles;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagProfile;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer of the topic of profiles, outside any consumer group. Not thread-safe but for {@link
 * #wakeup()}.
 */
public final class ProfileReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProfileReader.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String topic;
  private final SingleObjectCodec<UserTagProfile> codec =
      new SingleObjectCodec<>(UserTagProfile.class);

  /** A reader that begins with what is published from now on. */
  public ProfileReader(TagstreamConfig config) {
    Map<String, Object> properties = config.kafka().interactiveProperties();
    // With transactional producers, what is not committed is not published.
    properties.put("isolation.level", "read_committed");
    this.topic = config.topics().name(Topic.USER_TAG_PROFILES);
    this.consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position); // seeking is lazy: what "now" is, is decided here
  }

  /** Gives the next profiles, waiting a moment when there are none. */
  public void poll(Consumer<PublishedProfile> receiver) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      decode(record).ifPresent(receiver);
    }
  }

  /**
   * The newest record of a user, from the topic's beginning to where its end is now.
   *
   * @return empty when there is none
   */
  public Optional<PublishedProfile> newestOf(String userId) {
    byte[] key = userId.getBytes(StandardCharsets.UTF_8);
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    consumer.seekToBeginning(consumer.assignment());
    Optional<PublishedProfile> newest = Optional.empty();
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (Arrays.equals(record.key(), key)) {
          newest = decode(record);
        }
      }
    }
    return newest;
  }

  private Optional<PublishedProfile> decode(ConsumerRecord<byte[], byte[]> record) {
    String userId = new String(record.key(), StandardCharsets.UTF_8);
    try {
      UserTagProfile profile = record.value() == null ? null : codec.decode(record.value());
      return Optional.of(new PublishedProfile(userId, record.timestamp(), profile));
    } catch (MalformedRecordException e) {
      LOG.warn(
          "{}-{}@{} is no profile and is skipped: {}",
          topic,
          record.partition(),
          record.offset(),
          e.getMessage());
      return Optional.empty();
    }
  }

  /** Ends a wait in another thread, which then gets a {@link WakeupException}. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
