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

/** Asks the broker for offsets. */
final class TopicOffsets {

  private TopicOffsets() {}

  /** Names of topics in a deployment. */
  static List<String> names(TagstreamConfig config, List<Topic> topics) {
    return topics.stream().map(config.topics()::name).toList();
  }

  /**
   * One offset of every partition.
   *
   * @param which offset; −1 where there is none, as with a time after the last record
   * @throws IOException when a topic is missing or the broker does not answer
   */
  static Map<TopicPartition, Long> of(TagstreamConfig config, List<Topic> topics, OffsetSpec which)
      throws IOException, InterruptedException {
    List<String> names = names(config, topics);
    try (Admin admin = Admin.create(config.kafka().interactiveProperties())) {
      Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
      for (TopicDescription topic : admin.describeTopics(names).allTopicNames().get().values()) {
        topic
            .partitions()
            .forEach(info -> wanted.put(new TopicPartition(topic.name(), info.partition()), which));
      }
      Map<TopicPartition, Long> offsets = new HashMap<>();
      for (Map.Entry<TopicPartition, ListOffsetsResultInfo> each :
          admin.listOffsets(wanted).all().get().entrySet()) {
        offsets.put(each.getKey(), each.getValue().offset());
      }
      return offsets;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "topics "
              + names
              + ": "
              + cause.getMessage()
              + " - `tagstream topics create` makes missing topics",
          cause);
    }
  }
}
