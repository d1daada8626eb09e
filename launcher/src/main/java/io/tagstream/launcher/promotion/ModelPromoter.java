package io.tagstream.launcher.promotion;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.topics.TopicConsumers;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelPromotion;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends promotions to the running job and hears of their coming into force, which the new champion
 * tells with its metrics. Not thread-safe.
 */
public final class ModelPromoter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ModelPromoter.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final TagstreamConfig config;
  private final KafkaConsumer<byte[], byte[]> metrics;
  private final SingleObjectCodec<ModelMetrics> codec = new SingleObjectCodec<>(ModelMetrics.class);

  /**
   * Begins to listen; what was said before is not heard.
   *
   * @throws KafkaException when Kafka does not answer or a topic is missing
   */
  public ModelPromoter(TagstreamConfig config) {
    this.config = config;
    this.metrics = TopicConsumers.of(config, Topic.MODEL_METRICS);
    try {
      TopicConsumers.partitions(metrics, config.topics().name(Topic.MODEL_PROMOTIONS));
      Set<TopicPartition> partitions = metrics.assignment();
      metrics.seekToEnd(partitions);
      partitions.forEach(metrics::position); // where the end is now, not at the first poll
    } catch (RuntimeException e) {
      metrics.close();
      throw e;
    }
  }

  /**
   * Tells the job.
   *
   * @throws KafkaException when the broker does not take it
   */
  public void promote(String model) throws InterruptedException {
    Map<String, Object> properties = config.kafka().clientProperties();
    properties.putIfAbsent("delivery.timeout.ms", "15000");
    properties.putIfAbsent("request.timeout.ms", "10000");
    ModelPromotion promotion = new ModelPromotion(model, System.currentTimeMillis());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  config.topics().name(Topic.MODEL_PROMOTIONS),
                  model.getBytes(StandardCharsets.UTF_8),
                  new SingleObjectCodec<>(ModelPromotion.class).encode(promotion)))
          .get();
    } catch (ExecutionException e) {
      throw new KafkaException("the promotion could not be sent: " + e.getCause(), e);
    }
  }

  /** Waits until the model says that it publishes; empty when it has not within the limit. */
  public Optional<ModelMetrics> awaitChampion(String model, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> record : metrics.poll(POLL)) {
        Optional<ModelMetrics> said = decode(record);
        if (said.filter(m -> m.getChampion() && m.getModel().equals(model)).isPresent()) {
          return said;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<ModelMetrics> decode(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.of(codec.decode(record.value()));
    } catch (MalformedRecordException e) {
      LOG.warn(
          "{}-{}@{} is no metrics and is skipped: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    metrics.close();
  }
}
