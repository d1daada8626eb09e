package io.tagstream.launcher.topics;

import io.tagstream.launcher.config.TopicOptions.TopicsConfig;
import io.tagstream.schemas.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a topic should look like, or what one looks like.
 *
 * @param name its name on the broker
 * @param partitions number of partitions
 * @param replicationFactor replicas of each partition
 * @param settings the topic settings that matter here, by Kafka's names
 */
public record TopicSpec(
    String name, int partitions, int replicationFactor, Map<String, String> settings) {

  static final String CLEANUP_POLICY = "cleanup.policy";
  static final String TIMESTAMP_TYPE = "message.timestamp.type";
  static final String MAX_BYTES = "max.message.bytes";

  /**
   * The largest dead letter. It holds the refused record, its headers twice, and why: of the
   * largest record that a broker takes unless told otherwise, 1 MiB, it is more than that.
   */
  public static final int DEAD_LETTER_BYTES = 4 << 20;

  public TopicSpec {
    settings = Map.copyOf(settings);
  }

  /** What every topic of a deployment should look like, in declaration order. */
  public static List<TopicSpec> wanted(TopicsConfig config) {
    return Arrays.stream(Topic.values()).map(topic -> wanted(topic, config)).toList();
  }

  private static TopicSpec wanted(Topic topic, TopicsConfig config) {
    Map<String, String> settings = new TreeMap<>();
    settings.put(CLEANUP_POLICY, topic.compacted() ? "compact" : "delete");
    // Freshness counts from the time the broker appended a record.
    settings.put(TIMESTAMP_TYPE, "LogAppendTime");
    if (topic == Topic.DEAD_LETTERS) {
      settings.put(MAX_BYTES, String.valueOf(DEAD_LETTER_BYTES));
    }
    // Of two commands the later one counts: their order must be one.
    int partitions = topic.direction() == Topic.Direction.COMMAND ? 1 : config.partitions();
    return new TopicSpec(config.name(topic), partitions, config.replicationFactor(), settings);
  }

  /**
   * What differs in a topic that is there, in words; empty when nothing does.
   *
   * @param actual the topic as the broker has it
   */
  public List<String> differences(TopicSpec actual) {
    List<String> differences = new ArrayList<>();
    if (actual.partitions != partitions) {
      differences.add("partitions: " + actual.partitions + " - configured are " + partitions);
    }
    if (actual.replicationFactor != replicationFactor) {
      differences.add(
          "replication factor: "
              + actual.replicationFactor
              + " - configured is "
              + replicationFactor);
    }
    new TreeMap<>(settings)
        .forEach(
            (key, value) -> {
              String found = actual.settings.get(key);
              if (!value.equals(found)) {
                differences.add(key + ": " + found + " - must be " + value);
              }
            });
    return differences;
  }
}
