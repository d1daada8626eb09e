package io.tagstream.learner.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tagstream.learner.StageConfig;
import io.tagstream.learner.StageConfig.Gamma;
import io.tagstream.learner.StageConfig.Normalise;
import io.tagstream.learner.StageConfig.Order;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BetaStageTest {

  private static final Duration OFF = Duration.ZERO;

  /** Algorithm 1, line by line, with γ's mean in place of the draw. */
  @ParameterizedTest
  @EnumSource(Order.class)
  void equalsTheAlgorithmAsPrinted(Order order) {
    SplittableRandom random = new SplittableRandom(5);
    UserStages stages = new UserStages(2);
    BetaStage stage = stage(Gamma.MEAN, order, OFF);
    double alpha = 1;
    double beta = 1;
    double c = 0;
    for (int i = 0; i < 200; i++) {
      double prediction = random.nextDouble();
      boolean counts = random.nextInt(3) > 0;
      double before = alpha / (alpha + beta);
      if (counts) {
        c = c + 1;
        alpha = alpha + prediction * c;
        beta = beta + (1 - prediction) * c;
      }
      double after = alpha / (alpha + beta);
      double gamma = stage.weigh(stages, 1, prediction, counts, 10L * i, i);
      assertThat(gamma).isEqualTo(order == Order.UPDATE_THEN_DRAW ? after : before);
      assertThat(stages.alpha(1)).isEqualTo(alpha);
      assertThat(stages.beta(1)).isEqualTo(beta);
      assertThat(stages.count(1)).isEqualTo(c);
    }
    assertThat(stages.alpha(0)).isEqualTo(1);
    assertThat(stages.count(0)).isZero();
  }

  @Test
  void drawsFollowTheBetaDistribution() {
    for (double[] ab : new double[][] {{1, 1}, {3, 2}, {40, 160}, {1, 30}}) {
      double alpha = ab[0];
      double beta = ab[1];
      int n = 20_000;
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < n; i++) {
        double draw = GammaSampler.draw(alpha, beta, GammaSampler.seed(1, i, 0, 42));
        sum += draw;
        squares += draw * draw;
      }
      double mean = alpha / (alpha + beta);
      double variance = mean * (1 - mean) / (alpha + beta + 1);
      assertThat(sum / n).isCloseTo(mean, within(5 * Math.sqrt(variance / n)));
      assertThat(squares / n - sum / n * sum / n).isCloseTo(variance, within(0.05 * variance));
    }
  }

  @Test
  void aDrawIsNamedByUserImpressionAndTask() {
    BetaStage stage = stage(Gamma.SAMPLE, Order.UPDATE_THEN_DRAW, OFF);
    UserStages stages = new UserStages(1);
    double first = stage.weigh(stages, 0, .3, true, 0, GammaSampler.seed(1, 2, 0, 42));
    // a correction counts nothing and reuses the draw
    assertThat(stage.weigh(stages, 0, .8, false, 99, GammaSampler.seed(1, 2, 0, 42)))
        .isEqualTo(first);
    assertThat(stages.count(0)).isEqualTo(1);
    assertThat(GammaSampler.seed(1, 2, 0, 42))
        .isNotEqualTo(GammaSampler.seed(2, 2, 0, 42))
        .isNotEqualTo(GammaSampler.seed(1, 3, 0, 42))
        .isNotEqualTo(GammaSampler.seed(1, 2, 1, 42))
        .isNotEqualTo(GammaSampler.seed(1, 2, 0, 43));
  }

  @Test
  void predictionAndOffAreWhatTheySay() {
    UserStages stages = new UserStages(1);
    assertThat(
            stage(Gamma.PREDICTION, Order.UPDATE_THEN_DRAW, OFF).weigh(stages, 0, .3, true, 0, 1))
        .isEqualTo(.3);
    assertThat(stage(Gamma.OFF, Order.UPDATE_THEN_DRAW, OFF).weigh(stages, 0, .3, true, 0, 1))
        .isEqualTo(1);
  }

  @Test
  void halfLifeForgetsInEventTime() {
    BetaStage stage = stage(Gamma.MEAN, Order.UPDATE_THEN_DRAW, Duration.ofMillis(100));
    UserStages stages = new UserStages(1);
    stage.weigh(stages, 0, 1, true, 1000, 1); // α 2, β 1, c 1
    stage.weigh(stages, 0, 0, true, 1100, 2); // decays to 1.5, 1, .5; then c 1.5, β 2.5
    assertThat(stages.alpha(0)).isCloseTo(1.5, within(1e-12));
    assertThat(stages.beta(0)).isCloseTo(2.5, within(1e-12));
    assertThat(stages.count(0)).isCloseTo(1.5, within(1e-12));
    stage.weigh(stages, 0, 0, true, 1000, 3); // an older label neither decays nor grows anything
    assertThat(stages.alpha(0)).isCloseTo(1.5, within(1e-12));
  }

  @Test
  void predictionOutOfRangeIsRefused() {
    BetaStage stage = stage(Gamma.MEAN, Order.UPDATE_THEN_DRAW, OFF);
    assertThatThrownBy(() -> stage.weigh(new UserStages(1), 0, Double.NaN, true, 0, 1))
        .hasMessageContaining("prediction NaN");
  }

  @Test
  void taskMeanKeepsAMeanOfOne() {
    StageConfig config =
        new StageConfig(Gamma.PREDICTION, Normalise.TASK_MEAN, Order.UPDATE_THEN_DRAW, OFF);
    StageWeigher weigher = new StageWeigher(config, 1, 42);
    SplittableRandom random = new SplittableRandom(3);
    double sum = 0;
    for (int i = 0; i < 5_000; i++) {
      sum += weigher.weigh(new UserStages(1), 1, i, 0, random.nextDouble() * 0.02, true, 0);
    }
    assertThat(sum / 5_000).isCloseTo(1, within(0.02));

    StageWeigher restored = new StageWeigher(config, 1, 42);
    restored.restore(weigher.toBytes());
    weigher.mark();
    float next = weigher.weigh(new UserStages(1), 1, 1, 0, .7, true, 0);
    assertThat(restored.weigh(new UserStages(1), 1, 1, 0, .7, true, 0)).isEqualTo(next);
    weigher.reset();
    assertThat(weigher.weigh(new UserStages(1), 1, 1, 0, .7, true, 0)).isEqualTo(next);
    assertThatThrownBy(() -> restored.restore(new byte[3])).hasMessageContaining("stage weights");
  }

  private static BetaStage stage(Gamma gamma, Order order, Duration halfLife) {
    return new BetaStage(new StageConfig(gamma, Normalise.NONE, order, halfLife));
  }
}
