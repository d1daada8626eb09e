package io.tagstream.launcher.config;

import io.tagstream.schemas.Topic;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Section {@code topics}: the names of the topics and how missing ones are created. */
public final class TopicOptions {

  static final Setting<Integer> PARTITIONS =
      Setting.integer(
          "topics.partitions",
          4,
          "Partitions of a topic that `tagstream topics create` makes.",
          Rule.between(1, 10_000));
  static final Setting<Integer> REPLICATION_FACTOR =
      Setting.integer(
          "topics.replication-factor",
          1,
          "Replicas of a topic that `tagstream topics create` makes.",
          Rule.between(1, 100));
  private static final Map<Topic, Setting<String>> NAMES = names();

  private TopicOptions() {}

  private static Map<Topic, Setting<String>> names() {
    Map<Topic, Setting<String>> names = new EnumMap<>(Topic.class);
    for (Topic topic : Topic.values()) {
      names.put(
          topic,
          Setting.text(
              "topics." + topic.defaultName(),
              topic.defaultName(),
              "Name of the topic of "
                  + topic.recordClass().getSimpleName()
                  + " records, which Tagstream "
                  + switch (topic.direction()) {
                    case IN -> "reads.";
                    case OUT -> "writes.";
                    case COMMAND -> "obeys; of one partition.";
                  },
              new Rule<>(
                  "a topic name: letters, digits, '.', '_' and '-', at most 249",
                  name -> name.matches("[a-zA-Z0-9._-]{1,249}"))));
    }
    return names;
  }

  static List<Setting<?>> all() {
    List<Setting<?>> all = new ArrayList<>(NAMES.values());
    all.add(PARTITIONS);
    all.add(REPLICATION_FACTOR);
    return all;
  }

  static TopicsConfig read(Settings settings) {
    Map<Topic, String> names = new EnumMap<>(Topic.class);
    Map<String, Topic> byName = new HashMap<>();
    NAMES.forEach(
        (topic, setting) -> {
          String name = settings.get(setting);
          Topic other = byName.putIfAbsent(name, topic);
          if (other != null) {
            settings.refuse(
                setting.key(),
                name + " - is the name of topics." + other.defaultName() + " as well");
          }
          names.put(topic, name);
        });
    return new TopicsConfig(
        Map.copyOf(names), settings.get(PARTITIONS), settings.get(REPLICATION_FACTOR));
  }

  /**
   * The values of the section.
   *
   * @param names the name of every topic
   * @param partitions of a topic that is created
   * @param replicationFactor of a topic that is created
   */
  public record TopicsConfig(Map<Topic, String> names, int partitions, int replicationFactor)
      implements Serializable {

    /** The topic's name in this deployment. */
    public String name(Topic topic) {
      String name = names.get(topic);
      return name == null ? topic.defaultName() : name;
    }
  }
}
