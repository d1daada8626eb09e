package io.tagstream.launcher.config;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.FeaturesConfig.KeepSnapshots;
import io.tagstream.features.FeaturesConfig.StayBinning;
import io.tagstream.ingestion.ConversionSpace;
import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.ingestion.TagSource;
import io.tagstream.launcher.config.TopicOptions.TopicsConfig;
import io.tagstream.schemas.Task;
import io.tagstream.schemas.Topic;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Sections {@code labels}, {@code impressions} and {@code ingestion}: from events to labels. */
final class LabelOptions {

  private static final IngestionConfig DEFAULTS = IngestionConfig.defaults();
  private static final FeaturesConfig.Labels FEATURES = FeaturesConfig.Labels.defaults();

  static final Setting<Duration> WINDOW =
      Setting.duration(
          "labels.window",
          DEFAULTS.labelWindow(),
          "How long after an impression its labels are awaited; then they are negative.",
          Rule.positiveDuration());
  static final Setting<Duration> HORIZON =
      Setting.duration(
          "labels.attribution-horizon",
          DEFAULTS.attributionHorizon(),
          "How long after an impression a conversion still corrects its label.",
          Rule.positiveDuration());
  static final Setting<ConversionSpace> CONVERSION_SPACE =
      Setting.choice(
          "labels.conversion-space",
          ConversionSpace.class,
          DEFAULTS.conversionSpace(),
          "Which impressions have conversion labels: all, or the clicked ones.");
  static final Setting<KeepSnapshots> KEEP_SNAPSHOTS =
      Setting.choice(
          "labels.keep-snapshots",
          KeepSnapshots.class,
          FEATURES.keepSnapshots(),
          "Which impressions keep their features until the attribution horizon, for corrections.");
  static final Setting<StayBinning> STAY_BINS =
      Setting.choice(
          "labels.stay-bins",
          StayBinning.class,
          FEATURES.stays().binning(),
          "Where the edges between the bins of the stay label come from: the configured ones, or"
              + " those that part the stays counted so far into bins of equal numbers.");
  static final Setting<List<String>> STAY_EDGES =
      Setting.texts(
          "labels.stay-edges",
          FEATURES.stays().edges().stream().map(ValueType.DURATION::render).toList(),
          "Lengths of stay at which the next bin of the stay label begins, ascending; with quantiles"
              + " they hold until enough stays are counted.");
  static final Setting<Integer> STAY_BIN_COUNT =
      Setting.integer(
          "labels.stay-bin-count",
          FEATURES.stays().binCount(),
          "With quantiles: bins of the stay label; fewer where many stays are equally long.");
  static final Setting<Duration> STAY_HISTORY =
      Setting.duration(
          "labels.stay-history",
          FEATURES.stays().history(),
          "With quantiles: how far back stays are counted, in whole hours.");
  static final Setting<Map<String, String>> PRIOR_MEANS =
      Setting.textMap(
          "labels.prior-means",
          Map.of(),
          "Mean label by task name, for users without history; without an entry 0.2 for click, 0.3"
              + " for stay, 0.02 for conversion tasks.");
  static final Setting<List<String>> ENTITIES =
      Setting.texts(
          "impressions.entities",
          List.of("item"),
          "Entity kinds that are known; impressions of others become dead letters.");
  static final Setting<TagSource> TAGS =
      Setting.choice(
          "impressions.tags",
          TagSource.class,
          DEFAULTS.tagSource(),
          "Where an impression's tags come from: inline in the impression, or the topic of items.");
  static final Setting<Duration> CLOCK_SKEW =
      Setting.duration(
          "ingestion.max-clock-skew",
          DEFAULTS.maxClockSkew(),
          "How far an event's time may lie after the time the broker appended it.",
          Rule.notNegative());

  private LabelOptions() {}

  static List<Setting<?>> all() {
    return List.of(
        WINDOW,
        HORIZON,
        CONVERSION_SPACE,
        KEEP_SNAPSHOTS,
        STAY_BINS,
        STAY_EDGES,
        STAY_BIN_COUNT,
        STAY_HISTORY,
        PRIOR_MEANS,
        ENTITIES,
        TAGS,
        CLOCK_SKEW);
  }

  static IngestionConfig ingestion(Settings settings, List<Task> tasks, TopicsConfig topics) {
    Map<String, Topic> inputs =
        Topic.inputs().stream()
            .collect(Collectors.toMap(topics::name, topic -> topic, (one, other) -> one));
    return settings.build(
        () ->
            new IngestionConfig(
                inputs,
                new HashSet<>(settings.get(ENTITIES)),
                tasks,
                settings.get(WINDOW),
                settings.get(HORIZON),
                settings.get(CONVERSION_SPACE),
                settings.get(TAGS),
                settings.get(CLOCK_SKEW),
                settings.get(PipelineOptions.BOUND),
                settings.get(PipelineOptions.IDLENESS)),
        IngestionConfig::defaults);
  }

  static FeaturesConfig.Labels features(Settings settings, List<Task> tasks) {
    List<Duration> edges = settings.get(STAY_EDGES).stream().map(LabelOptions::edge).toList();
    Map<String, String> priors = settings.get(PRIOR_MEANS);
    List<String> names = tasks.stream().map(Task::name).toList();
    priors.keySet().stream()
        .filter(name -> !names.contains(name))
        .forEach(
            name -> settings.refuse(PRIOR_MEANS.key(), name + " - is no task; there are " + names));
    return new FeaturesConfig.Labels(
        settings.get(WINDOW),
        settings.get(HORIZON),
        settings.get(KEEP_SNAPSHOTS),
        new FeaturesConfig.Stays(
            settings.get(STAY_BINS),
            edges,
            settings.get(STAY_BIN_COUNT),
            settings.get(STAY_HISTORY)),
        tasks.stream().map(task -> prior(task, priors)).toList());
  }

  private static Duration edge(String text) {
    try {
      return ValueType.DURATION.parse(text);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          STAY_EDGES.key() + ": " + text + " - must be " + ValueType.DURATION.label(), e);
    }
  }

  private static double prior(Task task, Map<String, String> priors) {
    String text = priors.get(task.name());
    if (text == null) {
      return switch (task.kind()) {
        case CLICK -> 0.2;
        case STAY -> 0.3;
        case CONVERSION -> 0.02;
      };
    }
    try {
      return ValueType.NUMBER.parse(text);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          PRIOR_MEANS.key() + ": " + text + " - must be " + ValueType.NUMBER.label(), e);
    }
  }
}
