package io.tagstream.launcher.topics;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Consumers for commands: of whole topics, outside any consumer group, of committed records. */
public final class TopicConsumers {

  private TopicConsumers() {}

  /**
   * A consumer that is assigned all partitions of these topics.
   *
   * @throws KafkaException when Kafka does not answer or a topic is missing
   */
  public static KafkaConsumer<byte[], byte[]> of(TagstreamConfig config, Topic... topics) {
    Map<String, Object> properties = config.kafka().interactiveProperties();
    properties.put("isolation.level", "read_committed");
    properties.put("allow.auto.create.topics", "false");
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      List<TopicPartition> all = new ArrayList<>();
      for (Topic topic : topics) {
        all.addAll(partitions(consumer, config.topics().name(topic)));
      }
      consumer.assign(all);
      return consumer;
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /**
   * A topic's partitions.
   *
   * @throws KafkaException when Kafka does not answer or the topic is missing
   */
  public static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new KafkaException("there is no topic " + topic);
    }
    return partitions;
  }
}
