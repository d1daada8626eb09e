package io.tagstream.launcher.config;

import io.tagstream.learner.LearnerConfig;
import java.time.Duration;
import java.util.List;

/** Sections {@code stage} and {@code negatives}: what a sample weighs, and what was not shown. */
final class StageOptions {

  private static final LearnerConfig.Stage STAGE = LearnerConfig.Stage.defaults();
  private static final LearnerConfig.Negatives NEGATIVES = LearnerConfig.Negatives.defaults();

  static final Setting<LearnerConfig.Gamma> GAMMA =
      Setting.choice(
          "stage.gamma",
          LearnerConfig.Gamma.class,
          STAGE.gamma(),
          "What weighs a task's loss: a draw from the user's Beta distribution, its mean, the stage"
              + " head's prediction, or nothing.");
  static final Setting<LearnerConfig.StageNormalise> NORMALISE =
      Setting.choice(
          "stage.normalise",
          LearnerConfig.StageNormalise.class,
          STAGE.normalise(),
          "Whether a task's weights are divided by their running mean.");
  static final Setting<LearnerConfig.StageOrder> ORDER =
      Setting.choice(
          "stage.order",
          LearnerConfig.StageOrder.class,
          STAGE.order(),
          "Whether a row's own prediction enters its draw.");
  static final Setting<Duration> HALF_LIFE =
      Setting.duration(
          "stage.half-life",
          STAGE.halfLife(),
          "Half-life of the Beta parameters in event time; 0 for none, as in the paper.",
          Rule.notNegative());
  static final Setting<Integer> PER_IMPRESSION =
      Setting.integer(
          "negatives.per-impression",
          NEGATIVES.perImpression(),
          "Tags that were not shown, sampled as negatives of each impression with a positive label;"
              + " 0 for none.");
  static final Setting<Double> WEIGHT =
      Setting.number(
          "negatives.weight",
          NEGATIVES.weight(),
          "Weight of a sampled row against a real one.",
          Rule.positive());
  static final Setting<LearnerConfig.NegativesOutput> OUTPUT =
      Setting.choice(
          "negatives.output",
          LearnerConfig.NegativesOutput.class,
          NEGATIVES.output(),
          "What sampled negatives train: an output of its own, retrieval, which ranks all tags and"
              + " leaves the tasks to what was shown, or the tasks themselves.");

  private StageOptions() {}

  static List<Setting<?>> all() {
    return List.of(GAMMA, NORMALISE, ORDER, HALF_LIFE, PER_IMPRESSION, WEIGHT, OUTPUT);
  }

  static LearnerConfig.Stage stage(Settings settings) {
    return new LearnerConfig.Stage(
        settings.get(GAMMA), settings.get(NORMALISE), settings.get(ORDER), settings.get(HALF_LIFE));
  }

  static LearnerConfig.Negatives negatives(Settings settings) {
    return new LearnerConfig.Negatives(
        settings.get(PER_IMPRESSION), settings.get(WEIGHT).floatValue(), settings.get(OUTPUT));
  }
}
