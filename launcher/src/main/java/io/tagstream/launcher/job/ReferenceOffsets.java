package io.tagstream.launcher.job;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/** The ends of the reference topics, {@code items} and {@code users}, at a job's start. */
public final class ReferenceOffsets {

  private static final List<Topic> REFERENCE = List.of(Topic.ITEMS, Topic.USERS);

  private ReferenceOffsets() {}

  /** Names of the reference topics in this deployment. */
  static List<String> topics(TagstreamConfig config) {
    return REFERENCE.stream().map(config.topics()::name).toList();
  }

  /**
   * Asks the broker.
   *
   * @return the end offset of every partition of the reference topics
   * @throws IOException when a topic is missing or the broker does not answer
   */
  public static Map<TopicPartition, Long> ends(TagstreamConfig config)
      throws IOException, InterruptedException {
    try (Admin admin = Admin.create(config.kafka().interactiveProperties())) {
      Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
      for (TopicDescription topic :
          admin.describeTopics(topics(config)).allTopicNames().get().values()) {
        topic
            .partitions()
            .forEach(
                partition ->
                    wanted.put(
                        new TopicPartition(topic.name(), partition.partition()),
                        OffsetSpec.latest()));
      }
      Map<TopicPartition, Long> ends = new HashMap<>();
      for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
          admin.listOffsets(wanted).all().get().entrySet()) {
        ends.put(end.getKey(), end.getValue().offset());
      }
      return ends;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "topics "
              + topics(config)
              + ": "
              + cause.getMessage()
              + " - `tagstream topics create` makes missing topics",
          cause);
    }
  }
}
