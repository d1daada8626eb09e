package io.tagstream.ingestion;

import io.tagstream.schemas.Task;
import io.tagstream.schemas.Topic;
import java.io.Serializable;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything ingestion can be told; validated when made.
 *
 * @param topics names of the topics that are read and what each holds ({@code topics.*}); several
 *     names may hold the same
 * @param entities the entity kinds that are known ({@code entities})
 * @param tasks the learning tasks; their order is the order of labels ({@code tasks})
 * @param labelWindow how long after an impression its labels are awaited ({@code labels.window})
 * @param attributionHorizon how long after an impression a conversion may still correct its label
 *     ({@code labels.attribution-horizon}); not shorter than the window
 * @param conversionSpace which impressions have conversion labels ({@code labels.conversion-space})
 * @param tagSource where tags come from ({@code impressions.tags})
 * @param maxClockSkew how far an event's time may lie after its append time ({@code
 *     ingestion.max-clock-skew})
 * @param watermarkBound how far behind the newest event time the watermark stays ({@code
 *     watermarks.bound})
 * @param sourceIdleness after how much silence a partition no longer holds the watermark ({@code
 *     watermarks.idleness})
 */
public record IngestionConfig(
    Map<String, Topic> topics,
    Set<String> entities,
    List<Task> tasks,
    Duration labelWindow,
    Duration attributionHorizon,
    ConversionSpace conversionSpace,
    TagSource tagSource,
    Duration maxClockSkew,
    Duration watermarkBound,
    Duration sourceIdleness)
    implements Serializable {

  /** Validates; the message names the setting, its value and the rule. */
  public IngestionConfig {
    topics = Map.copyOf(topics);
    entities = Set.copyOf(entities);
    tasks = List.copyOf(tasks);
    Objects.requireNonNull(conversionSpace, "labels.conversion-space");
    Objects.requireNonNull(tagSource, "impressions.tags");
    for (Map.Entry<String, Topic> topic : topics.entrySet()) {
      if (topic.getKey().isBlank()) {
        throw refused("topics." + topic.getValue().defaultName(), topic.getKey(), "needs a name");
      }
      if (topic.getValue().direction() != Topic.Direction.IN) {
        throw refused(
            "topics",
            topic.getKey() + " = " + topic.getValue(),
            "is no input, it cannot be learnt from");
      }
    }
    if (topics.isEmpty()) {
      throw refused("topics", topics, "needs at least one topic to read");
    }
    if (entities.isEmpty() || entities.stream().anyMatch(String::isBlank)) {
      throw refused("entities", entities, "needs at least one kind, none of them blank");
    }
    if (tasks.isEmpty()) {
      throw refused("tasks", tasks, "needs at least one task");
    }
    Set<String> names = new HashSet<>();
    for (Task task : tasks) {
      if (!names.add(task.name())) {
        throw refused("tasks", task.name(), "every task needs a name of its own");
      }
    }
    positive("labels.window", labelWindow);
    positive("labels.attribution-horizon", attributionHorizon);
    if (attributionHorizon.compareTo(labelWindow) < 0) {
      throw refused(
          "labels.attribution-horizon",
          attributionHorizon,
          "must not be shorter than labels.window: " + labelWindow);
    }
    notNegative("ingestion.max-clock-skew", maxClockSkew);
    notNegative("watermarks.bound", watermarkBound);
    positive("watermarks.idleness", sourceIdleness);
  }

  /**
   * Default topic names, entity {@code item}, tasks click, stay and conversion (purchase,
   * subscribe, follow, like), window 10 minutes, horizon 7 days, conversions of all impressions,
   * inline tags, skew 5 s, bound 5 s, idle after 10 s.
   */
  public static IngestionConfig defaults() {
    return new IngestionConfig(
        Topic.inputs().stream().collect(Collectors.toMap(Topic::defaultName, topic -> topic)),
        Set.of("item"),
        Task.defaults(Set.of("purchase", "subscribe", "follow", "like")),
        Duration.ofMinutes(10),
        Duration.ofDays(7),
        ConversionSpace.ALL,
        TagSource.INLINE,
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }

  /** This configuration with other tasks. */
  public IngestionConfig withTasks(List<Task> others) {
    return new IngestionConfig(
        topics,
        entities,
        others,
        labelWindow,
        attributionHorizon,
        conversionSpace,
        tagSource,
        maxClockSkew,
        watermarkBound,
        sourceIdleness);
  }

  /** This configuration with other rules for labels. */
  public IngestionConfig withLabels(Duration window, Duration horizon, ConversionSpace space) {
    return new IngestionConfig(
        topics,
        entities,
        tasks,
        window,
        horizon,
        space,
        tagSource,
        maxClockSkew,
        watermarkBound,
        sourceIdleness);
  }

  /** This configuration with another source of tags. */
  public IngestionConfig withTagSource(TagSource other) {
    return new IngestionConfig(
        topics,
        entities,
        tasks,
        labelWindow,
        attributionHorizon,
        conversionSpace,
        other,
        maxClockSkew,
        watermarkBound,
        sourceIdleness);
  }

  /** Every conversion type that some task is configured for. */
  public Set<String> conversionTypes() {
    return tasks.stream()
        .flatMap(task -> task.conversionTypes().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static void positive(String key, Duration value) {
    if (value.isNegative() || value.toMillis() == 0) {
      throw refused(key, value, "must be at least one millisecond");
    }
  }

  private static void notNegative(String key, Duration value) {
    if (value.isNegative()) {
      throw refused(key, value, "must not be negative");
    }
  }

  private static IllegalArgumentException refused(String key, Object value, String rule) {
    return new IllegalArgumentException(key + ": " + value + " - " + rule);
  }
}
