package io.tagstream.launcher.config;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.credit.CreditReading;
import io.tagstream.features.credit.CreditScale;
import io.tagstream.learner.ScoringConfig.DefaultProfile;
import io.tagstream.schemas.Task;
import java.time.Duration;
import java.util.List;

/** Sections {@code features} and {@code credit}: what a model reads about an impression. */
final class FeatureOptions {

  private static final FeaturesConfig.Fields FIELDS = FeaturesConfig.Fields.defaults();
  private static final FeaturesConfig.Credit CREDIT_DEFAULTS = FeaturesConfig.Credit.defaults();

  static final Setting<List<String>> USER_ATTRIBUTES =
      Setting.texts(
          "features.user-attributes",
          FIELDS.userAttributes(),
          "Attributes of users that become user fields.");
  static final Setting<List<String>> PRIVILEGED =
      Setting.texts(
          "features.privileged",
          FIELDS.privileged(),
          "Privileged fields of items, which training may read and profiles never do.");
  static final Setting<List<String>> CLICKED =
      Setting.texts(
          "features.clicked",
          FIELDS.clicked(),
          "Those of features.privileged whose last clicked values become user fields.");
  static final Setting<List<String>> CONTEXT =
      Setting.texts(
          "features.context",
          FIELDS.context(),
          "Context of impressions that becomes fields, besides hour, scene and entity.");
  static final Setting<Integer> LAST_TAGS =
      Setting.integer(
          "features.last-tags", FIELDS.lastTags(), "Tags in the field of last clicked tags.");
  static final Setting<Integer> TOP_TAGS =
      Setting.integer(
          "features.top-tags", FIELDS.topTags(), "Tags in the field of most clicked tags.");
  static final Setting<Integer> SHOWN_TAGS =
      Setting.integer(
          "features.shown-tags",
          FIELDS.shownTags(),
          "Tags in the field of most shown tags; 0 for none, and no impression is remembered.");
  static final Setting<Integer> MAX_SHOWN =
      Setting.integer(
          "features.max-shown",
          FIELDS.maxShown(),
          "Impressions remembered of a user for that field; the oldest go first.");
  static final Setting<Integer> LAST_VALUES =
      Setting.integer(
          "features.last-values",
          FIELDS.lastValues(),
          "Values in each field of last clicked privileged values.");

  static final Setting<CreditReading> READING =
      Setting.choice(
          "credit.reading",
          CreditReading.class,
          CREDIT_DEFAULTS.reading(),
          "What a coalition of tags is worth: the user's clicks on items whose tags are equal to it,"
              + " a subset of it, sharing one with it, or containing all of it.");
  static final Setting<CreditScale> SCALE =
      Setting.choice(
          "credit.scale",
          CreditScale.class,
          CREDIT_DEFAULTS.scale(),
          "Unit of that worth: clicks, or their share of the user's clicks.");
  static final Setting<Double> TEMPERATURE =
      Setting.number(
          "credit.temperature",
          CREDIT_DEFAULTS.temperature(),
          "Temperature of the softmax that turns credits into tag weights.",
          Rule.positive());
  static final Setting<Duration> CLICK_WINDOW =
      Setting.duration(
          "credit.click-window",
          CREDIT_DEFAULTS.clickWindow(),
          "How long a click counts, for credits and for clicked tags, and an impression for shown"
              + " tags.",
          Rule.positiveDuration());
  static final Setting<Integer> MAX_CLICKS =
      Setting.integer(
          "credit.max-clicks",
          CREDIT_DEFAULTS.maxClicks(),
          "Clicks remembered of a user; the oldest go first.");
  static final Setting<Integer> MAX_TAGS =
      Setting.integer(
          "credit.max-tags", CREDIT_DEFAULTS.maxTags(), "Tags remembered of one click.");

  private FeatureOptions() {}

  static List<Setting<?>> all() {
    return List.of(
        USER_ATTRIBUTES,
        PRIVILEGED,
        CLICKED,
        CONTEXT,
        LAST_TAGS,
        TOP_TAGS,
        SHOWN_TAGS,
        MAX_SHOWN,
        LAST_VALUES);
  }

  static List<Setting<?>> credit() {
    return List.of(READING, SCALE, TEMPERATURE, CLICK_WINDOW, MAX_CLICKS, MAX_TAGS);
  }

  static FeaturesConfig read(Settings settings, List<Task> tasks) {
    FeaturesConfig defaults = FeaturesConfig.defaults();
    FeaturesConfig.Labels labels =
        settings.build(() -> LabelOptions.features(settings, tasks), defaults::labels);
    FeaturesConfig.Fields fields =
        settings.build(
            () ->
                new FeaturesConfig.Fields(
                    settings.get(USER_ATTRIBUTES),
                    settings.get(PRIVILEGED),
                    settings.get(CLICKED),
                    settings.get(CONTEXT),
                    settings.get(LAST_TAGS),
                    settings.get(TOP_TAGS),
                    settings.get(SHOWN_TAGS),
                    settings.get(MAX_SHOWN),
                    settings.get(LAST_VALUES)),
            defaults::fields);
    FeaturesConfig.Credit credit =
        settings.build(
            () ->
                new FeaturesConfig.Credit(
                    settings.get(READING),
                    settings.get(SCALE),
                    settings.get(TEMPERATURE),
                    settings.get(CLICK_WINDOW),
                    settings.get(MAX_CLICKS),
                    settings.get(MAX_TAGS)),
            defaults::credit);
    return settings.build(
        () ->
            new FeaturesConfig(
                tasks,
                labels,
                fields,
                credit,
                settings.get(ProfileOptions.DEFAULT_PROFILE) != DefaultProfile.NONE),
        () -> defaults);
  }
}
