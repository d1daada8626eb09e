package io.tagstream.subscriber;

import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The two Kafka clients of a subscriber.
 *
 * @param consumer reads the records
 * @param source looks at the topic
 */
record TopicConnection(Consumer<byte[], byte[]> consumer, TopicSource source)
    implements AutoCloseable {

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  /**
   * Makes both clients; nothing is asked yet.
   *
   * @throws SubscriberException when a client refuses its settings
   */
  static TopicConnection open(SubscriberConfig config, Clock clock) {
    try {
      TopicSource source =
          new KafkaTopic(Admin.create(config.adminProperties()), config.topic(), clock);
      try {
        return new TopicConnection(
            new KafkaConsumer<>(
                config.consumerProperties(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer()),
            source);
      } catch (KafkaException e) {
        source.close();
        throw e;
      }
    } catch (KafkaException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      throw new SubscriberException(
          "bootstrapServers: %s - no Kafka client can be made: %s; see also clientProperties"
              .formatted(config.bootstrapServers(), why.getMessage()),
          why);
    }
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
    source.close();
  }
}
