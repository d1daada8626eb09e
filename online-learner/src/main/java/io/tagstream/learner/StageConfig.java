package io.tagstream.learner;

import static io.tagstream.learner.Rules.require;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * STAN's stage weights.
 *
 * @param gamma what weighs a task's loss
 * @param normalise whether weights of a task keep their mean
 * @param order whether a row's own prediction enters its draw
 * @param halfLife decay of α−1, β−1 and c in event time; zero is off, as in the paper
 */
public record StageConfig(Gamma gamma, Normalise normalise, Order order, Duration halfLife)
    implements Serializable {

  /** What weighs a task's loss. */
  public enum Gamma {
    /** A draw from the user's Beta distribution. */
    SAMPLE,
    /** Its mean. */
    MEAN,
    /** The stage head's prediction ("w/o Beta"). */
    PREDICTION,
    /** 1; the stage head is neither run nor trained. */
    OFF
  }

  /** Whether weights of a task keep their mean. */
  public enum Normalise {
    /** As in the paper. */
    NONE,
    /** Divided by their running mean per task. */
    TASK_MEAN
  }

  /** Algorithm 1's order for one row. */
  public enum Order {
    /** The paper's order of lines. */
    UPDATE_THEN_DRAW,
    DRAW_THEN_UPDATE
  }

  public StageConfig {
    Objects.requireNonNull(gamma, "gamma");
    Objects.requireNonNull(normalise, "normalise");
    Objects.requireNonNull(order, "order");
    require(!halfLife.isNegative(), "stage.half-life", halfLife, "must not be negative");
  }

  public static StageConfig defaults() {
    return new StageConfig(Gamma.SAMPLE, Normalise.NONE, Order.UPDATE_THEN_DRAW, Duration.ZERO);
  }
}
