package io.tagstream.learner.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.NegativesConfig;
import io.tagstream.learner.NegativesConfig.Output;
import io.tagstream.learner.Network;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.model.CalibrationTerm;
import io.tagstream.learner.model.Parameter;
import io.tagstream.learner.scoring.Candidates;
import io.tagstream.schemas.Task;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** A tenth of the labels are positive, and the loss weighs those four times. */
class CalibrationTest {

  private static final int IMPRESSIONS = 128;
  private static final int STEPS = 1000;
  private static final double RATE = 0.1;
  private static final float PREFERRED = 4f;

  private static LearnerConfig config(boolean calibration, Output negatives) {
    return LearnerConfig.defaults(List.of(Task.click("click")), 1)
        .withModel(
            ModelConfig.of(Network.SHARED_BOTTOM)
                .withSizes(4, List.of(4))
                .withCalibration(calibration))
        .withNegatives(new NegativesConfig(2, 1f, negatives));
  }

  private static MicroBatch batch(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MicroBatch.Builder builder = MicroBatch.builder(1, 1);
    boolean[] known = {true};
    for (int i = 0; i < IMPRESSIONS; i++) {
      float[] label = {random.nextDouble() < RATE ? 1f : 0f};
      builder.addImpression(
          1, true, new int[] {1}, new long[] {i % 5}, label, known, label, known, new float[] {1});
      builder.addTag("tag-" + random.nextInt(8), 1f);
    }
    return builder.build();
  }

  private static Trainer trained(LearnerConfig config) {
    Trainer trainer = new Trainer(config);
    for (int n = 0; n < STEPS; n++) {
      MicroBatch batch = batch(n);
      trainer.step(
          batch,
          (predictions, gamma) -> {
            for (int i = 0; i < gamma.length; i++) {
              gamma[i] = batch.labels()[i] > 0 ? PREFERRED : 1f;
            }
          });
    }
    return trainer;
  }

  /** Predicted over observed, of batches that were not trained. */
  private static double predictedOverObserved(Trainer trainer) {
    double predicted = 0;
    double observed = 0;
    for (int n = 0; n < 20; n++) {
      MicroBatch batch = batch(-1L - n);
      for (float p : trainer.predict(batch)) {
        predicted += p;
      }
      for (float label : batch.labels()) {
        observed += label;
      }
    }
    return predicted / observed;
  }

  @Test
  void whatIsSaidAgreesWithWhatHappensWhateverTheLossPrefers() {
    try (Trainer plain = trained(config(false, Output.RETRIEVAL));
        Trainer calibrated = trained(config(true, Output.RETRIEVAL))) {
      // 4 · 0.1 / (4 · 0.1 + 0.9) = 0.31 in place of 0.1
      assertThat(predictedOverObserved(plain)).isGreaterThan(2.5);
      assertThat(predictedOverObserved(calibrated)).isCloseTo(1, Offset.offset(0.15));
      assertSameNetwork(plain, calibrated);
      assertSameOrder(plain, calibrated);
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
    assertThat(tags(shifted, 0)).isEqualTo(tags(own, 0)).hasSize(8);
    assertThat(shifted.score(0, 0, 0)).isLessThan(own.score(0, 0, 0) / 2);
    assertThat(shifted.score(0, 1, 0)).as("retrieval").isEqualTo(own.score(0, 1, 0));
  }

  @Test
  void negativesInTheTasksDoNotLowerIt() {
    try (Trainer without = trained(config(false, Output.TASKS));
        Trainer with = trained(config(true, Output.TASKS))) {
      assertThat(predictedOverObserved(without)).isBetween(1.3, 2.3);
      assertThat(predictedOverObserved(with)).isCloseTo(1, Offset.offset(0.15));
    }
  }

  private static List<String> tags(Candidates candidates, int output) {
    return IntStream.range(0, candidates.perOutput())
        .mapToObj(rank -> candidates.tag(0, output, rank))
        .toList();
  }
}
