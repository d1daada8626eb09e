package io.tagstream.learner.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.NegativesConfig;
import io.tagstream.learner.NegativesConfig.Output;
import io.tagstream.learner.Network;
import io.tagstream.learner.OptimizerConfig;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.model.CalibrationTerm;
import io.tagstream.learner.model.Parameter;
import io.tagstream.learner.scoring.Candidates;
import io.tagstream.schemas.Task;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Labels are drawn at a rate per task, and an impression has one to three tags. */
class CalibrationTest {

  private static final int IMPRESSIONS = 128;
  private static final int STEPS = 500;
  private static final int JUDGED_STEPS = 200;
  private static final double[] RATES = {0.3, 0.06};
  private static final Offset<Double> CALIBRATED = Offset.offset(0.1);

  private static LearnerConfig config(boolean calibration, NegativesConfig negatives) {
    return LearnerConfig.defaults(
            List.of(Task.click("click"), Task.conversion("buy", Set.of("buy"))), 1)
        .withModel(
            ModelConfig.of(Network.SHARED_BOTTOM)
                .withSizes(4, List.of(4))
                .withCalibration(calibration))
        .withOptimizer(new OptimizerConfig(0.01f, 0.9f, 0.99f, 1e-8f, 1000))
        .withNegatives(negatives);
  }

  private static MicroBatch batch(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MicroBatch.Builder builder = MicroBatch.builder(1, RATES.length);
    boolean[] known = {true, true};
    float[] ones = {1, 1};
    for (int i = 0; i < IMPRESSIONS; i++) {
      float[] labels = new float[RATES.length];
      for (int k = 0; k < RATES.length; k++) {
        labels[k] = random.nextDouble() < RATES[k] ? 1f : 0f;
      }
      builder.addImpression(
          1, true, new int[] {1}, new long[] {i % 5}, labels, known, labels, known, ones);
      int first = random.nextInt(8);
      for (int tag = first; tag <= first + i % 3; tag++) {
        builder.addTag("tag-" + tag % 8, 1f);
      }
    }
    return builder.build();
  }

  private static Learnt learnt(LearnerConfig config, float weightOfPositives) {
    Trainer trainer = new Trainer(config);
    double[] predicted = new double[RATES.length];
    int rows = 0;
    for (int n = 0; n < STEPS; n++) {
      MicroBatch batch = batch(n);
      float[] predictions =
          trainer
              .step(
                  batch,
                  (stage, gamma) -> {
                    for (int at = 0; at < gamma.length; at++) {
                      gamma[at] = batch.labels()[at] > 0 ? weightOfPositives : 1f;
                    }
                  })
              .predictions();
      if (n >= STEPS - JUDGED_STEPS) {
        rows += batch.rows();
        for (int at = 0; at < predictions.length; at++) {
          predicted[at % RATES.length] += predictions[at];
        }
      }
    }
    for (int k = 0; k < RATES.length; k++) {
      predicted[k] /= rows * RATES[k];
    }
    return new Learnt(trainer, predicted);
  }

  /** What was said of the rows of the last steps before they were trained, by the task's rate. */
  @SuppressWarnings("ArrayRecordComponent") // read, never compared
  private record Learnt(Trainer trainer, double[] predictedOverRate) implements AutoCloseable {
    @Override
    public void close() {
      trainer.close();
    }
  }

  @Test
  void probabilitiesAgreeWithRatesWhateverTheLossPrefers() {
    NegativesConfig negatives = new NegativesConfig(2, 1f, Output.RETRIEVAL);
    try (Learnt plain = learnt(config(false, negatives), 4f);
        Learnt calibrated = learnt(config(true, negatives), 4f)) {
      // 4 · 0.3 / (4 · 0.3 + 0.7) = 0.63, 4 · 0.06 / (4 · 0.06 + 0.94) = 0.20
      assertThat(plain.predictedOverRate()[0]).isCloseTo(2.1, Offset.offset(0.25));
      assertThat(plain.predictedOverRate()[1]).isCloseTo(3.4, Offset.offset(0.5));
      assertThat(calibrated.predictedOverRate()[0]).isCloseTo(1, CALIBRATED);
      assertThat(calibrated.predictedOverRate()[1]).isCloseTo(1, CALIBRATED);
      assertSameNetwork(plain.trainer(), calibrated.trainer());
      assertSameOrder(plain.trainer(), calibrated.trainer());
    }
  }

  @Test
  void negativesInTheTasksDoNotLowerThem() {
    NegativesConfig negatives = new NegativesConfig(6, 1f, Output.TASKS);
    try (Learnt plain = learnt(config(false, negatives), 1f);
        Learnt calibrated = learnt(config(true, negatives), 1f)) {
      assertThat(plain.predictedOverRate()[0]).isLessThan(0.7);
      assertThat(calibrated.predictedOverRate()[0]).isCloseTo(1, CALIBRATED);
      assertThat(calibrated.predictedOverRate()[1]).isCloseTo(1, CALIBRATED);
    }
  }

  private static void assertSameNetwork(Trainer plain, Trainer calibrated) {
    List<Parameter> network =
        calibrated.parameters().stream()
            .filter(parameter -> !parameter.name().equals(CalibrationTerm.PARAMETER))
            .toList();
    assertThat(network).hasSameSizeAs(plain.parameters());
    for (int p = 0; p < network.size(); p++) {
      assertThat(network.get(p).values())
          .as(network.get(p).name())
          .isEqualTo(plain.parameters().get(p).values());
    }
  }

  private static void assertSameOrder(Trainer plain, Trainer calibrated) {
    Candidates shifted = calibrated.scorer().score(1, new int[] {0, 1}, new long[] {3});
    Candidates own = plain.scorer().score(1, new int[] {0, 1}, new long[] {3});
    assertThat(tags(shifted, 1)).isEqualTo(tags(own, 1)).hasSize(8);
    assertThat(shifted.score(0, 1, 0)).isLessThan(own.score(0, 1, 0) / 2);
    int retrieval = RATES.length;
    assertThat(shifted.score(0, retrieval, 0)).isEqualTo(own.score(0, retrieval, 0));
  }

  private static List<String> tags(Candidates candidates, int output) {
    return IntStream.range(0, candidates.perOutput())
        .mapToObj(rank -> candidates.tag(0, output, rank))
        .toList();
  }
}
