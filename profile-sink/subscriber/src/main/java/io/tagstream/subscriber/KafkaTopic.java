package io.tagstream.subscriber;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topic as Kafka's admin client sees it. */
final class KafkaTopic implements TopicSource {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaTopic.class);
  private static final String TOMBSTONES_KEPT = "delete.retention.ms";
  private static final long DEFAULT_KEPT_MILLIS = Duration.ofDays(1).toMillis();
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final Admin admin;
  private final String topic;
  private final Clock clock;

  /**
   * The topic of this name.
   *
   * @param admin this object's own from now on
   */
  KafkaTopic(Admin admin, String topic, Clock clock) {
    this.admin = admin;
    this.topic = topic;
    this.clock = clock;
  }

  @Override
  public CompletableFuture<TopicView> look() {
    long atMillis = clock.millis();
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .toCompletionStage()
        .thenCompose(descriptions -> view(descriptions.values().iterator().next(), atMillis))
        .toCompletableFuture();
  }

  private CompletionStage<TopicView> view(TopicDescription description, long atMillis) {
    Map<TopicPartition, OffsetSpec> first = new HashMap<>();
    Map<TopicPartition, OffsetSpec> last = new HashMap<>();
    description
        .partitions()
        .forEach(
            info -> {
              TopicPartition partition = new TopicPartition(topic, info.partition());
              first.put(partition, OffsetSpec.earliest());
              last.put(partition, OffsetSpec.latest());
            });
    return offsets(first)
        .thenCombine(
            offsets(last),
            (begins, ends) -> {
              Map<Integer, OffsetRange> ranges = new HashMap<>();
              begins.forEach(
                  (partition, begin) ->
                      ranges.put(
                          partition, new OffsetRange(begin, ends.getOrDefault(partition, begin))));
              return new TopicView(description.topicId(), atMillis, ranges);
            });
  }

  private CompletionStage<Map<Integer, Long>> offsets(Map<TopicPartition, OffsetSpec> wanted) {
    return admin
        .listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
        .all()
        .toCompletionStage()
        .thenApply(KafkaTopic::byPartition);
  }

  private static Map<Integer, Long> byPartition(Map<TopicPartition, ListOffsetsResultInfo> found) {
    Map<Integer, Long> offsets = new HashMap<>();
    found.forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
    return offsets;
  }

  @Override
  public CompletableFuture<Long> tombstonesKeptMillis() {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin
        .describeConfigs(List.of(resource))
        .all()
        .toCompletionStage()
        .handle(
            (configs, failure) -> {
              if (failure != null) {
                // Describing settings is a right of its own, and reading needs it not.
                LOG.warn(
                    "{}: {} cannot be read and is taken for {} ms: {}",
                    topic,
                    TOMBSTONES_KEPT,
                    DEFAULT_KEPT_MILLIS,
                    failure.toString());
                return DEFAULT_KEPT_MILLIS;
              }
              ConfigEntry kept = configs.values().iterator().next().get(TOMBSTONES_KEPT);
              return kept == null ? DEFAULT_KEPT_MILLIS : Long.parseLong(kept.value());
            })
        .toCompletableFuture();
  }

  @Override
  public void close() {
    admin.close(CLOSE_LIMIT);
  }
}
