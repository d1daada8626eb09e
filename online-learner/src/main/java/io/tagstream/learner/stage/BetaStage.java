package io.tagstream.learner.stage;

import io.tagstream.learner.StageConfig;
import io.tagstream.learner.StageConfig.Order;
import java.time.Duration;

/**
 * STAN, Algorithm 1, for one label of one task, from {@code α = β = 1, c = 0}:
 *
 * <pre>c ← c + 1,  α ← α + ỹ·c,  β ← β + (1 − ỹ)·c,  γ ~ Beta(α, β)</pre>
 *
 * <p>{@code ỹ} is the stage head's prediction before the step. What counts is the first emission of
 * a defined label of an impression; any other row asks for a weight and counts nothing.
 *
 * <p>With a half-life {@code h}, {@code α − 1}, {@code β − 1} and {@code c} shrink by {@code
 * 2^(−Δt/h)} before a label counted {@code Δt} of event time after the one before it. The paper has
 * none: {@code c} grows for ever there, and the newest label always weighs most in absolute terms.
 */
public final class BetaStage {

  private final StageConfig config;
  private final double halfLifeMillis;

  /** Stages by this configuration. */
  public BetaStage(StageConfig config) {
    this.config = config;
    this.halfLifeMillis =
        config.halfLife().equals(Duration.ZERO) ? 0 : config.halfLife().toMillis();
  }

  /**
   * The weight of one row's task, and the count of its label.
   *
   * @param stages the user's stages, changed when the label counts
   * @param task index of the task
   * @param prediction {@code ỹ}, in [0, 1]
   * @param counts whether this row is the first to bring the task's label
   * @param eventTimeMillis when the impression was shown, for the half-life
   * @param seed names the draw: {@link GammaSampler#seed}
   * @return {@code γ}, not normalised
   * @throws IllegalArgumentException when the prediction is not in [0, 1]
   */
  public double weigh(
      UserStages stages,
      int task,
      double prediction,
      boolean counts,
      long eventTimeMillis,
      long seed) {
    if (!(prediction >= 0 && prediction <= 1)) {
      throw new IllegalArgumentException(
          "stage: prediction " + prediction + " of task " + task + " - must be in [0, 1]");
    }
    if (config.order() == Order.DRAW_THEN_UPDATE) {
      double gamma = gamma(stages, task, prediction, seed);
      if (counts) {
        count(stages, task, prediction, eventTimeMillis);
      }
      return gamma;
    }
    if (counts) {
      count(stages, task, prediction, eventTimeMillis);
    }
    return gamma(stages, task, prediction, seed);
  }

  private void count(UserStages stages, int task, double prediction, long eventTimeMillis) {
    if (halfLifeMillis > 0) {
      stages.decay(task, eventTimeMillis, halfLifeMillis);
    }
    stages.count(task, prediction, eventTimeMillis);
  }

  private double gamma(UserStages stages, int task, double prediction, long seed) {
    double alpha = stages.alpha(task);
    double beta = stages.beta(task);
    return switch (config.gamma()) {
      case SAMPLE -> GammaSampler.draw(alpha, beta, seed);
      case MEAN -> alpha / (alpha + beta);
      case PREDICTION -> prediction;
      case OFF -> 1;
    };
  }
}
