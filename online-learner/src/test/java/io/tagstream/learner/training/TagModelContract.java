package io.tagstream.learner.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.learner.BatchConfig;
import io.tagstream.learner.EmbeddingConfig;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.NegativesConfig;
import io.tagstream.learner.NegativesConfig.Output;
import io.tagstream.learner.Network;
import io.tagstream.learner.OptimizerConfig;
import io.tagstream.learner.ScoringConfig;
import io.tagstream.learner.StageConfig;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.model.Parameter;
import io.tagstream.learner.scoring.Candidates;
import io.tagstream.schemas.Task;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What every model must do in training and scoring, whatever its network. */
abstract class TagModelContract {

  private static final int FIELDS = 4;
  private static final int TASKS = 3;
  private static final int TAGS = 12;
  private static final long NOON = 1_700_000_000_000L;

  /** Which network. */
  abstract Network network();

  /** Privileged fields of its batches. */
  int privileged() {
    return 0;
  }

  /** Which kind of item an impression of its batches is of. */
  String entity(long impression) {
    return "item";
  }

  LearnerConfig config() {
    List<Task> tasks = Task.defaults(Set.of("buy"));
    return LearnerConfig.defaults(tasks, FIELDS)
        .withData(tasks, FIELDS, privileged())
        .withModel(ModelConfig.of(network()).withSizes(8, List.of(8)))
        .withEmbedding(new EmbeddingConfig(6, 0.05f, 1e-8f, 0.5f, 1, Duration.ofDays(30)))
        .withOptimizer(new OptimizerConfig(0.01f, 0.9f, 0.999f, 1e-8f, 100))
        .withNegatives(new NegativesConfig(2, 0.5f, Output.RETRIEVAL))
        .withScoring(
            new ScoringConfig(
                5,
                2,
                1000,
                Set.of(),
                Duration.ZERO,
                ScoringConfig.DefaultProfile.NONE,
                Duration.ofDays(7)));
  }

  private MicroBatch.Builder builder() {
    return MicroBatch.builder(FIELDS, privileged(), TASKS);
  }

  final MicroBatch batch(long seed, int impressions) {
    SplittableRandom random = new SplittableRandom(seed);
    MicroBatch.Builder builder = builder();
    for (int i = 0; i < impressions; i++) {
      int[] lengths = new int[FIELDS];
      int total = 0;
      for (int f = 0; f < FIELDS; f++) {
        lengths[f] = random.nextInt(3);
        total += lengths[f];
      }
      long[] ids = new long[total];
      for (int n = 0; n < total; n++) {
        ids[n] = random.nextInt(50) + 1L;
      }
      float[] labels = new float[TASKS];
      boolean[] known = new boolean[TASKS];
      float[] pseudo = new float[TASKS];
      float[] ones = new float[TASKS];
      for (int k = 0; k < TASKS; k++) {
        known[k] = random.nextInt(4) > 0;
        labels[k] = known[k] ? random.nextInt(3) / 2f : 0f;
        pseudo[k] = (float) random.nextDouble();
        ones[k] = 1;
      }
      builder.addImpression(NOON + i, i % 3 > 0, lengths, ids, labels, known, pseudo, known, ones);
      builder.addEntity(entity(seed + i));
      addPrivileged(builder, seed + i);
      int tags = random.nextInt(4);
      for (int t = 0; t < tags; t++) {
        builder.addTag("tag-" + (random.nextInt(TAGS / 3) * 3 + t % 3), 0.5f + t);
      }
    }
    return builder.build();
  }

  /** Every field of most items has one value, some have none or two. */
  private void addPrivileged(MicroBatch.Builder builder, long seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    int[] lengths = new int[privileged()];
    long[] ids = new long[2 * lengths.length];
    int total = 0;
    for (int p = 0; p < lengths.length; p++) {
      lengths[p] = Math.max(0, random.nextInt(6) - 3);
      for (int n = 0; n < lengths[p]; n++) {
        ids[total++] = 1000L * (p + 1) + random.nextInt(5);
      }
    }
    builder.addPrivileged(lengths, Arrays.copyOf(ids, total));
  }

  static final StageWeights HALVES =
      (predictions, gamma) -> {
        for (int n = 0; n < gamma.length; n++) {
          gamma[n] = 0.5f + predictions[n];
        }
      };

  @Test
  void lossIsFiniteAndPredictionsAreProbabilities() {
    try (Trainer trainer = new Trainer(config())) {
      MicroBatch batch = batch(1, 20);
      StepReport report = trainer.step(batch, HALVES);
      assertThat(report.applied()).isTrue();
      assertThat(report.loss()).isFinite().isPositive();
      assertThat(report.gradientNorm()).isFinite().isPositive();
      assertThat(report.predictions()).hasSize(batch.rows() * TASKS);
      assertThat(report.stagePredictions()).hasSize(20 * TASKS);
      for (float p : report.predictions()) {
        assertThat(p).isBetween(0f, 1f);
      }
      assertThat(trainer.step()).isEqualTo(1);
    }
  }

  @Test
  void overfitsATinyBatch() {
    // Hard labels for distinct users and one tag: memorising them brings the loss near zero.
    StageConfig stage = StageConfig.defaults();
    LearnerConfig config =
        config()
            .withNegatives(NegativesConfig.defaults())
            .withStage(
                new StageConfig(
                    StageConfig.Gamma.OFF, stage.normalise(), stage.order(), stage.halfLife()));
    MicroBatch.Builder builder = builder();
    boolean[] known = {true, true, true};
    for (int i = 0; i < 6; i++) {
      float[] labels = {i % 2, i % 3 == 0 ? 1 : 0, i > 2 ? 1 : 0};
      builder.addImpression(
          NOON,
          true,
          new int[] {1, 1, 0, 1},
          new long[] {i + 1, 100 + i / 2, 200 + i},
          labels,
          known,
          labels,
          known,
          new float[] {1, 1, 1});
      builder.addTag("tag-" + i % 2, 1f);
    }
    MicroBatch batch = builder.build();
    try (Trainer trainer = new Trainer(config)) {
      double first = trainer.step(batch, StageWeights.ONES).loss();
      double last = first;
      for (int n = 0; n < 600; n++) {
        last = trainer.step(batch, StageWeights.ONES).loss();
      }
      assertThat(last).isLessThan(first / 5);
    }
  }

  @Test
  void predictingIsWhatTheNextStepSaysBeforehandAndChangesNothing() {
    try (Trainer trainer = new Trainer(config())) {
      for (int n = 0; n < 3; n++) {
        trainer.step(batch(n, 16), HALVES);
      }
      // Seen before, so that the step that follows gives no feature its row.
      MicroBatch batch = batch(1, 16);
      String before = trainer.digest();
      float[] predicted = trainer.predict(batch);
      assertThat(trainer.digest()).isEqualTo(before);
      float[] ofStep = trainer.step(batch, HALVES).predictions();
      assertThat(predicted).hasSize(batch.rows() * batch.tasks()).hasSameSizeAs(ofStep);
      for (int n = 0; n < ofStep.length; n++) {
        assertThat(predicted[n]).isCloseTo(ofStep[n], Offset.offset(1e-5f));
      }
    }
  }

  @Test
  void sameSeedSameBits() {
    String first = digestAfter(config(), 8);
    assertThat(digestAfter(config(), 8)).isEqualTo(first);
    assertThat(digestAfter(config().withSeed(7), 8)).isNotEqualTo(first);
  }

  private String digestAfter(LearnerConfig config, int steps) {
    try (Trainer trainer = new Trainer(config)) {
      for (int n = 0; n < steps; n++) {
        assertThat(trainer.step(batch(n, 16), HALVES).applied()).isTrue();
      }
      return trainer.digest();
    }
  }

  @Test
  void interruptedAndRestoredEqualsUninterrupted() {
    TrainerCapture capture;
    try (Trainer trainer = new Trainer(config())) {
      for (int n = 0; n < 4; n++) {
        trainer.step(batch(n, 16), HALVES);
      }
      capture = trainer.capture();
      String digest = Trainer.digest(capture);
      // What goes on after a capture does not reach it.
      trainer.step(batch(99, 16), HALVES);
      assertThat(Trainer.digest(capture)).isEqualTo(digest).isNotEqualTo(trainer.digest());
    }
    try (Trainer restored = new Trainer(config())) {
      restored.step(batch(1234, 16), HALVES);
      restored.restore(capture);
      assertThat(restored.digest()).isEqualTo(Trainer.digest(capture));
      for (int n = 4; n < 8; n++) {
        restored.step(batch(n, 16), HALVES);
      }
      assertThat(restored.digest()).isEqualTo(digestAfter(config(), 8));
    }
  }

  @Test
  void foreignStateIsRefused() {
    try (Trainer trainer = new Trainer(config())) {
      trainer.step(batch(1, 8), HALVES);
      TrainerCapture capture = trainer.capture();
      LearnerConfig other = config().withModel(config().model().withSizes(9, List.of(8)));
      try (Trainer stranger = new Trainer(other)) {
        assertThatThrownBy(() -> stranger.restore(capture))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("d=8")
            .hasMessageContaining("configured is");
      }
      try (Trainer stranger =
          new Trainer(config().withModel(config().model().withCalibration(false)))) {
        assertThatThrownBy(() -> stranger.restore(capture))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("calibration=true");
      }
      byte[] longer = Arrays.copyOf(capture.header(), capture.header().length + 1);
      assertThatThrownBy(() -> trainer.restore(new TrainerCapture(longer, capture.pages())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("trailing bytes");
      byte[] newer = capture.header().clone();
      newer[3] = 77;
      assertThatThrownBy(() -> trainer.restore(new TrainerCapture(newer, capture.pages())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("version 77");
    }
  }

  @Test
  void scoringChangesNothingAndEqualsPredictions() {
    // Predictions are made before the step: a batch without labels shows what the model says.
    try (Trainer trainer = new Trainer(config())) {
      for (int n = 0; n < 10; n++) {
        trainer.step(batch(n, 16), HALVES);
      }
      String before = trainer.digest();
      MicroBatch users = batch(3, 96);
      boolean pooled = config().batch().tagsInput() == BatchConfig.TagsInput.POOLED;
      Candidates scored = trainer.scorer().score(96, users.fieldOffsets(), users.fieldIds());
      assertThat(trainer.digest()).isEqualTo(before);
      assertThat(scored.perOutput()).isEqualTo(7);
      StepReport pairwise = trainer.step(users, HALVES);
      int compared = 0;
      for (int r = 0; r < users.rows(); r++) {
        if (pooled && tagsOf(users, users.rowImpression()[r]) > 1) {
          continue; // several tags at once are scored in no profile
        }
        if (!users.entities().get(users.rowImpression()[r]).equals("item")) {
          continue; // profiles are of one kind of item
        }
        String tag = users.tagNames().get(users.rowTag()[r]);
        for (int k = 0; k < TASKS; k++) {
          for (int rank = 0; rank < scored.perOutput(); rank++) {
            if (scored.tag(users.rowImpression()[r], k, rank).equals(tag)) {
              assertThat(scored.score(users.rowImpression()[r], k, rank))
                  .isCloseTo(pairwise.predictions()[r * TASKS + k], Offset.offset(1e-5f));
              compared++;
            }
          }
        }
      }
      assertThat(compared).isGreaterThan(10);
    }
  }

  private static long tagsOf(MicroBatch batch, int impression) {
    return Arrays.stream(batch.rowImpression()).filter(i -> i == impression).count();
  }

  @Test
  void scoresFallAndDeniedTagsStayOut() {
    LearnerConfig config =
        config()
            .withScoring(
                new ScoringConfig(
                    50,
                    0,
                    1000,
                    Set.of("tag-0", "tag-4"),
                    Duration.ZERO,
                    ScoringConfig.DefaultProfile.NONE,
                    Duration.ofDays(7)));
    try (Trainer trainer = new Trainer(config)) {
      assertThat(trainer.scorer().score(1, new int[FIELDS + 1], new long[0]).perOutput()).isZero();
      for (int n = 0; n < 5; n++) {
        trainer.step(batch(n, 16), HALVES);
      }
      MicroBatch users = batch(3, 200);
      Candidates scored = trainer.scorer().score(200, users.fieldOffsets(), users.fieldIds());
      assertThat(scored.perOutput()).isEqualTo(trainer.vocabulary().size() - 2);
      assertThat(scored.vocabulary()).doesNotContain("tag-0", "tag-4");
      for (int u = 0; u < 200; u++) {
        for (int k = 0; k < TASKS; k++) {
          for (int rank = 1; rank < scored.perOutput(); rank++) {
            assertThat(scored.score(u, k, rank)).isLessThanOrEqualTo(scored.score(u, k, rank - 1));
          }
        }
      }
    }
  }

  @Test
  void aPoisonedBatchIsNotApplied() {
    try (Trainer trainer = new Trainer(config())) {
      trainer.step(batch(1, 8), HALVES);
      MicroBatch batch = batch(1, 8);
      float[] before = values(trainer);
      StepReport notFinite = trainer.step(batch, (p, gamma) -> Arrays.fill(gamma, Float.NaN));
      StepReport tooSteep = trainer.step(batch, (p, gamma) -> Arrays.fill(gamma, 1e6f));
      assertThat(notFinite.quarantineReason()).contains("loss NaN");
      assertThat(tooSteep.quarantineReason()).contains("exceeds quarantine.gradient-norm 100");
      assertThat(values(trainer)).isEqualTo(before);
      assertThat(trainer.step()).isEqualTo(1);
      assertThat(trainer.step(batch, HALVES).applied()).isTrue();
    }
  }

  private static float[] values(Trainer trainer) {
    int size = trainer.parameters().stream().mapToInt(Parameter::size).sum();
    float[] all = new float[size];
    int at = 0;
    for (Parameter parameter : trainer.parameters()) {
      System.arraycopy(parameter.values(), 0, all, at, parameter.size());
      at += parameter.size();
    }
    return all;
  }

  @Test
  void anEmptyBatchDoesNothingAndOneWithoutTagsTeachesTheStageHead() {
    try (Trainer trainer = new Trainer(config())) {
      String before = trainer.digest();
      assertThat(trainer.step(builder().build(), HALVES).applied()).isTrue();
      assertThat(trainer.digest()).isEqualTo(before);
      MicroBatch.Builder untagged = builder();
      boolean[] known = {true, true, true};
      untagged.addImpression(
          NOON,
          true,
          new int[] {1, 0, 0, 0},
          new long[] {5},
          new float[3],
          known,
          new float[] {0.9f, 0.8f, 0.1f},
          known,
          new float[] {1, 1, 1});
      double first = trainer.step(untagged.build(), HALVES).loss();
      double last = first;
      for (int n = 0; n < 50; n++) {
        last = trainer.step(untagged.build(), HALVES).loss();
      }
      assertThat(last).isLessThan(first / 2);
      assertThat(trainer.vocabulary().size()).isZero();
    }
  }

  @Test
  void nativeMemoryStaysFlat() throws IOException {
    try (Trainer trainer = new Trainer(config())) {
      MicroBatch batch = batch(1, 64);
      run(trainer, batch, 80);
      MemoryMXBean java = ManagementFactory.getMemoryMXBean();
      long residentBefore = residentKiB();
      long heapBefore = java.getHeapMemoryUsage().getUsed() / 1024;
      run(trainer, batch, 120);
      // The Java heap may have touched what it had not before; the rest is native. Tensors of a
      // step that outlived it would add more than 100 MiB.
      long heapGrowth = java.getHeapMemoryUsage().getCommitted() / 1024 - heapBefore;
      assertThat(residentKiB() - residentBefore - Math.max(0, heapGrowth)).isLessThan(48 * 1024);
    }
  }

  private static void run(Trainer trainer, MicroBatch batch, int steps) {
    for (int n = 0; n < steps; n++) {
      trainer.step(batch, HALVES);
      trainer.scorer().score(64, batch.fieldOffsets(), batch.fieldIds());
    }
  }

  private static long residentKiB() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS");
  }
}
