package io.tagstream.learner.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tagstream.learner.BatchConfig;
import io.tagstream.learner.BatchConfig.SplitNormalise;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.NegativesConfig;
import io.tagstream.learner.NegativesConfig.Output;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.model.Auxiliary;
import io.tagstream.learner.model.OwnTagTerm;
import io.tagstream.learner.model.TrainingOutputs;
import io.tagstream.learner.scoring.TagVocabulary;
import io.tagstream.schemas.Task;
import java.util.List;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class StepLossTest {

  private static final Offset<Double> CLOSE = Offset.offset(1e-6);

  static LearnerConfig config() {
    return LearnerConfig.defaults(
        List.of(Task.click("click"), Task.conversion("conversion", Set.of("buy"))), 2);
  }

  private static LearnerConfig normalised(LearnerConfig config) {
    BatchConfig b = config.batch();
    return config.withBatch(
        new BatchConfig(
            b.mode(), b.size(), b.flushInterval(), b.tagsInput(), SplitNormalise.IMPRESSION));
  }

  /** Two impressions: a click with two tags, and a soft label with one; the second is not first. */
  static MicroBatch batch() {
    MicroBatch.Builder builder = MicroBatch.builder(2, 2);
    builder.addImpression(
        1,
        true,
        new int[] {1, 1},
        new long[] {1, 2},
        new float[] {1, 0},
        new boolean[] {true, false},
        new float[] {0.3f, 0.6f},
        new boolean[] {true, false},
        new float[] {1, 1});
    builder.addTag("a", 1.6f);
    builder.addTag("b", 0.4f);
    builder.addImpression(
        2,
        false,
        new int[] {1, 1},
        new long[] {1, 3},
        new float[] {0, 0.5f},
        new boolean[] {true, true},
        new float[] {0.1f, 0.2f},
        new boolean[] {true, true},
        new float[] {2, 3});
    builder.addTag("b", 0.7f);
    return builder.build();
  }

  @Test
  void crossEntropyIsTheSumWrittenOut() {
    MicroBatch batch = batch();
    TrainingRows rows = new TrainingRows(batch, config(), new TagVocabulary(10), 0);
    float[] z = {0.3f, 9f, -1.2f, 9f, 2.1f, -0.4f};
    float[] gamma = {0.5f, 9f, 0.25f, 2f};
    float[] gradient = new float[6];
    double expected =
        (0.5 * 1.6 * -Math.log(sigma(0.3))
                + 0.5 * 0.4 * -Math.log(sigma(-1.2))
                + 0.25 * 2 * -Math.log(1 - sigma(2.1))
                + 2
                    * 3
                    * (1 + 0.5 * (0.7 - 1))
                    * -(0.5 * Math.log(sigma(-0.4)) + 0.5 * Math.log(1 - sigma(-0.4))))
            / 2;
    assertThat(StepLoss.crossEntropy(rows, batch, new int[] {0, 1, 2}, z, gamma, gradient))
        .isCloseTo(expected, CLOSE);
    assertThat((double) gradient[0]).isCloseTo(0.5 * 1.6 * (sigma(0.3) - 1) / 2, CLOSE);
    assertThat(gradient[1]).isZero();
    assertThat((double) gradient[4]).isCloseTo(0.25 * 2 * sigma(2.1) / 2, CLOSE);
  }

  @Test
  void aNegativeGetsNoClickCreditAndNormalisedImpressionsWeighOne() {
    MicroBatch batch = batch();
    TrainingRows paper = new TrainingRows(batch, config(), new TagVocabulary(10), 0);
    assertThat(paper.weight(2, 0)).isEqualTo(2f);
    TrainingRows normalised =
        new TrainingRows(batch, normalised(config()), new TagVocabulary(10), 0);
    assertThat(normalised.weight(0, 0) + normalised.weight(1, 0)).isEqualTo(1f);
    assertThat(normalised.weight(2, 0)).isEqualTo(2f);
  }

  private static TagVocabulary fiveTags() {
    TagVocabulary vocabulary = new TagVocabulary(100);
    vocabulary.observe(List.of("a", "b", "c", "d", "e"));
    return vocabulary;
  }

  /** Forty sampled tags for each positive impression, half a row's weight each. */
  private static LearnerConfig sampling(Output output) {
    return config().withNegatives(new NegativesConfig(40, 0.5f, output));
  }

  @Test
  void sampledNegativesAreOtherTagsOfPositiveImpressionsAlone() {
    MicroBatch batch = batch();
    TagVocabulary vocabulary = fiveTags();
    LearnerConfig config = sampling(Output.TASKS);
    TrainingRows rows = new TrainingRows(batch, config, vocabulary, 3);
    assertThat(rows.sampled()).isBetween(20, 79);
    for (int r = batch.rows(); r < rows.count(); r++) {
      int i = rows.impressions()[r];
      long id = rows.tagIds()[rows.tags()[r]];
      assertThat(id).isNotEqualTo(vocabulary.id(1));
      assertThat(i == 0 && id == vocabulary.id(0)).isFalse();
      assertThat(rows.label(r, 0)).isZero();
      assertThat(rows.weight(r, 0)).isEqualTo(i == 0 ? 0.5f : 0f);
      assertThat(rows.weight(r, 1)).isEqualTo(i == 0 ? 0f : 1.5f);
    }
    TrainingRows again = new TrainingRows(batch, config, vocabulary, 3);
    assertThat(again.tags()).isEqualTo(rows.tags());
    assertThat(new TrainingRows(batch, config, vocabulary, 4).tags()).isNotEqualTo(rows.tags());
  }

  @Test
  void retrievalLearnsFromPositivesOfTheFirstTaskAndSampledTagsAlone() {
    MicroBatch batch = batch();
    TagVocabulary vocabulary = fiveTags();
    LearnerConfig config = sampling(Output.RETRIEVAL);
    TrainingRows rows = new TrainingRows(batch, config, vocabulary, 3);
    TrainingRows without = new TrainingRows(batch, config(), vocabulary, 3);
    assertThat(rows.outputs()).isEqualTo(3);
    assertThat(without.outputs()).isEqualTo(2);
    assertThat(config.outputs()).endsWith("retrieval").hasSize(3);
    assertThat(config.rankingOutput(0)).isEqualTo(2);
    assertThat(config.rankingOutput(1)).as("trained by the first task alone").isEqualTo(1);
    for (int r = 0; r < batch.rows(); r++) {
      boolean positive = rows.label(r, 0) > 0;
      assertThat(rows.weight(r, 2)).isEqualTo(positive ? rows.weight(r, 0) : 0f);
      assertThat(rows.label(r, 2)).isEqualTo(rows.label(r, 0));
      for (int k = 0; k < 2; k++) {
        assertThat(rows.weight(r, k)).as("the tasks").isEqualTo(without.weight(r, k));
      }
    }
    assertThat(rows.sampled()).isBetween(20, 40);
    for (int r = batch.rows(); r < rows.count(); r++) {
      assertThat(rows.impressions()[r]).as("positive for the first task").isEqualTo(0);
      assertThat(rows.label(r, 2)).isZero();
      assertThat(rows.weight(r, 2)).isEqualTo(0.5f);
      assertThat(rows.weight(r, 0)).as("the tasks know nothing of it").isZero();
      assertThat(rows.weight(r, 1)).isZero();
    }
  }

  @Test
  void stageLossTakesFirstEmissionsWithHistory() {
    float[] gradient = new float[4];
    float[] p = {0.5f, 0.9f, 0.2f, 0.8f};
    assertThat(StepLoss.stage(batch(), p, gradient)).isCloseTo(0.2 * 0.2 / 2, CLOSE);
    assertThat((double) gradient[0]).isCloseTo(2 * 0.2 * 0.25 / 2, CLOSE);
    assertThat(gradient[1]).isZero();
    assertThat(gradient[2]).isZero();
    assertThat(gradient[3]).isZero();
  }

  @Test
  void calibrationLearnsFromTheMeanOfEachImpressionByItsSampleWeightAlone() {
    float[] p = {0.9f, 0.5f, 0.3f, 0.5f, 0.4f, 0.7f};
    float[] gradient = {9f, 9f};
    StepLoss.calibrationGradient(batch(), new boolean[0], p, gradient);
    assertThat((double) gradient[0]).isCloseTo(((0.9 + 0.3) / 2 - 1 + 2 * 0.4) / 2, CLOSE);
    assertThat((double) gradient[1]).as("the first is not known").isCloseTo(0.3, CLOSE);
    StepLoss.calibrationGradient(batch(), new boolean[] {false, true}, p, gradient);
    assertThat((double) gradient[0]).isCloseTo(((0.9 + 0.3) / 2 - 1) / 2, CLOSE);
    assertThat(gradient[1]).as("known of a source alone").isZero();
  }

  @Test
  void extremeLogitsStayFinite() {
    assertThat(StepLoss.binaryCrossEntropy(800, 0)).isEqualTo(800);
    assertThat(StepLoss.binaryCrossEntropy(-800, 0)).isZero();
    assertThat(StepLoss.binaryCrossEntropy(-800, 1)).isEqualTo(800);
  }

  @Test
  void ownTagsAreMixedIntoEveryOutputAndIntoWhatIsReportedWithoutALoss() {
    float[] own = {0.1f, -0.2f, 0.3f, 0.4f, -0.5f, Float.NEGATIVE_INFINITY};
    RowLoss here = rowLoss(own);
    assertThat(here.logits()).hasSize(6);
    assertThat(here.logits()[0]).as("reported 5").isEqualTo(OwnTagTerm.mix(5, 0.1f));
    assertThat(here.logits()[5]).as("no tag of one's own").isEqualTo(5f);
    for (int n = 0; n < own.length - 1; n++) {
      float[] moved = own.clone();
      moved[n] += 1e-3f;
      double quotient = (rowLoss(moved).sum() - here.sum()) / 1e-3;
      assertThat((double) here.ownGradient()[n]).isCloseTo(quotient, Offset.offset(2e-3));
    }
    assertThat(here.ownGradient()[5]).isZero();
  }

  /** Logits of three rows, auxiliary ones of the first two, others that are reported. */
  private static RowLoss rowLoss(float[] own) {
    try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch")) {
      NDArray logits = manager.create(new float[] {1, -1, 2, 0.5f, 0, 1}, new Shape(3, 2));
      NDArray auxiliary = manager.create(new float[] {0.5f, 2, -1, 1}, new Shape(2, 2));
      NDArray reported = manager.create(new float[] {5, 5, 5, 5, 5, 5}, new Shape(3, 2));
      return new RowLoss(
          new TrainingRows(batch(), config(), new TagVocabulary(10), 0),
          batch(),
          new TrainingOutputs(logits, List.of(Auxiliary.ofFirst(auxiliary)), null, reported),
          new float[] {0.5f, 1f, 1.5f, 0.25f},
          own);
    }
  }

  private static double sigma(double z) {
    return 1 / (1 + Math.exp(-z));
  }
}
