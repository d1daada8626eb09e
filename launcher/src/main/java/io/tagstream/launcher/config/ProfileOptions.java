package io.tagstream.launcher.config;

import io.tagstream.learner.ScoringConfig;
import io.tagstream.profile.ProfileConfig;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/** Section {@code profiles}: what is scored and what is published. */
final class ProfileOptions {

  private static final ProfileConfig DEFAULTS = ProfileConfig.defaults();
  private static final ScoringConfig SCORING = ScoringConfig.defaults();

  static final Setting<Integer> TOP_K =
      Setting.integer("profiles.top-k", DEFAULTS.topK(), "Tags per task in a profile.");
  static final Setting<Integer> MARGIN =
      Setting.integer(
          "profiles.margin",
          SCORING.margin(),
          "Further tags that are scored, so that a tag does not come and go with every score.");
  static final Setting<Double> THRESHOLD =
      Setting.number(
          "profiles.score-threshold",
          Double.parseDouble(Float.toString(DEFAULTS.scoreThreshold())),
          "A score that moved by more is a change, and is published.");
  static final Setting<Duration> INTERVAL =
      Setting.duration(
          "profiles.interval",
          DEFAULTS.interval(),
          "At most one profile of a user in this time; 0 publishes every change at once.");
  static final Setting<Integer> MAX_CAUSES =
      Setting.integer(
          "profiles.max-causes", DEFAULTS.maxCauses(), "Events named in a profile, the newest.");
  static final Setting<List<String>> DENIED =
      Setting.texts("profiles.denied-tags", List.of(), "Tags that no profile shows.");
  static final Setting<List<String>> RETIRED =
      Setting.texts(
          "profiles.retired-tags",
          List.of(),
          "Tags that enter no profile any more, and stay where they are until others beat them.");
  static final Setting<Integer> VOCABULARY_CAP =
      Setting.integer(
          "profiles.vocabulary-cap",
          SCORING.vocabularyCap(),
          "The first so many tags seen in training are scored.");

  static final Setting<Duration> SWEEP_INTERVAL =
      Setting.duration(
          "profiles.sweep-interval",
          SCORING.sweepInterval(),
          "A user who was silent for so long, in event time, is scored again with the model of then;"
              + " 0 waits for the next event.",
          Rule.notNegative());

  static final Setting<ScoringConfig.DefaultProfile> DEFAULT_PROFILE =
      Setting.choice(
          "profiles.default",
          ScoringConfig.DefaultProfile.class,
          SCORING.defaultProfile(),
          "What a user without history gets with the first impression: none, or popularity, the tags"
              + " that all users' positives carry.");
  static final Setting<Duration> POPULARITY_HALF_LIFE =
      Setting.duration(
          "profiles.popularity-half-life",
          SCORING.popularityHalfLife(),
          "Event time in which a positive loses half its weight in popularity.");

  private ProfileOptions() {}

  static List<Setting<?>> all() {
    return List.of(
        TOP_K,
        MARGIN,
        THRESHOLD,
        INTERVAL,
        MAX_CAUSES,
        DENIED,
        RETIRED,
        VOCABULARY_CAP,
        SWEEP_INTERVAL,
        DEFAULT_PROFILE,
        POPULARITY_HALF_LIFE);
  }

  static ProfileConfig read(Settings settings) {
    return settings.build(
        () ->
            new ProfileConfig(
                settings.get(TOP_K),
                settings.get(THRESHOLD).floatValue(),
                settings.get(INTERVAL),
                settings.get(MAX_CAUSES),
                new HashSet<>(settings.get(DENIED)),
                new HashSet<>(settings.get(RETIRED))),
        ProfileConfig::defaults);
  }

  static ScoringConfig scoring(Settings settings) {
    return new ScoringConfig(
        settings.get(TOP_K),
        settings.get(MARGIN),
        settings.get(VOCABULARY_CAP),
        new HashSet<>(settings.get(DENIED)),
        settings.get(SWEEP_INTERVAL),
        settings.get(DEFAULT_PROFILE),
        settings.get(POPULARITY_HALF_LIFE));
  }
}
