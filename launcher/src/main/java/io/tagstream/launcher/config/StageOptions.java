package io.tagstream.launcher.config;

import io.tagstream.learner.NegativesConfig;
import io.tagstream.learner.StageConfig;
import java.time.Duration;
import java.util.List;

/** Sections {@code stage} and {@code negatives}: what a sample weighs, and what was not shown. */
final class StageOptions {

  private static final StageConfig STAGE = StageConfig.defaults();
  private static final NegativesConfig NEGATIVES = NegativesConfig.defaults();

  static final Setting<StageConfig.Gamma> GAMMA =
      Setting.choice(
          "stage.gamma",
          StageConfig.Gamma.class,
          STAGE.gamma(),
          "What weighs a task's loss: a draw from the user's Beta distribution, its mean, the stage"
              + " head's prediction, or nothing.");
  static final Setting<StageConfig.Normalise> NORMALISE =
      Setting.choice(
          "stage.normalise",
          StageConfig.Normalise.class,
          STAGE.normalise(),
          "Whether a task's weights are divided by their running mean.");
  static final Setting<StageConfig.Order> ORDER =
      Setting.choice(
          "stage.order",
          StageConfig.Order.class,
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
  static final Setting<NegativesConfig.Output> OUTPUT =
      Setting.choice(
          "negatives.output",
          NegativesConfig.Output.class,
          NEGATIVES.output(),
          "What sampled negatives train: an output of its own, retrieval, which ranks all tags and"
              + " leaves the tasks to what was shown, or the tasks themselves.");

  private StageOptions() {}

  static List<Setting<?>> all() {
    return List.of(GAMMA, NORMALISE, ORDER, HALF_LIFE, PER_IMPRESSION, WEIGHT, OUTPUT);
  }

  static StageConfig stage(Settings settings) {
    return new StageConfig(
        settings.get(GAMMA), settings.get(NORMALISE), settings.get(ORDER), settings.get(HALF_LIFE));
  }

  static NegativesConfig negatives(Settings settings) {
    return new NegativesConfig(
        settings.get(PER_IMPRESSION), settings.get(WEIGHT).floatValue(), settings.get(OUTPUT));
  }
}
