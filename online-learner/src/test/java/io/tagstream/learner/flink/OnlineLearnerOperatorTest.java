package io.tagstream.learner.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.learner.BatchConfig.Mode;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ScoringConfig;
import io.tagstream.learner.snapshot.SafetensorsFile;
import io.tagstream.learner.snapshot.SnapshotConfig;
import io.tagstream.learner.snapshot.SnapshotManifest;
import io.tagstream.schemas.Cause;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelSnapshot;
import io.tagstream.schemas.QuarantinedSample;
import io.tagstream.schemas.ScoredUser;
import io.tagstream.schemas.TaskTags;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserExpiry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnlineLearnerOperatorTest {

  private static final int BATCH = 16;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Mode.class)
  void everySampleIsTrainedOnce(Mode mode) throws Exception {
    List<TrainingSample> samples = Inputs.samples(new SplittableRandom(3), 103);
    try (Learner learner = Learner.fresh(Inputs.config(mode, BATCH))) {
      for (TrainingSample sample : samples) {
        learner.add(sample);
      }
      learner.end();
      assertThat(learner.quarantined()).isEmpty();
      ModelMetrics last = learner.metrics().get(learner.metrics().size() - 1);
      assertThat(last.getSamplesTrained()).isEqualTo(103);
      assertThat(last.getSamplesQuarantined()).isZero();
      assertThat(last.getStep()).isEqualTo(7);
      assertThat(last.getEmbeddingRows()).isPositive();
      assertThat(last.getTasks()).hasSize(3);
      assertThat(last.getTasks().get(0).getRows()).isPositive();
      assertThat(last.getTasks().get(0).getLogLoss()).isPositive();
    }
  }

  @Test
  void deterministicModelDependsOnSamplesNotOnArrival() throws Exception {
    List<TrainingSample> samples = Inputs.samples(new SplittableRandom(4), 90);
    LearnerConfig config = Inputs.config(Mode.DETERMINISTIC, BATCH);
    List<String> digests = new ArrayList<>();
    for (int run = 0; run < 3; run++) {
      List<TrainingSample> shuffled = new ArrayList<>(samples);
      if (run > 0) {
        Collections.shuffle(shuffled, new Random(run));
      }
      try (Learner learner = Learner.fresh(config)) {
        int sent = 0;
        for (TrainingSample sample : shuffled) {
          learner.add(sample);
          if (run == 2 && ++sent % 10 == 0) {
            learner.request("user" + sent, sent); // scoring changes nothing
            learner.wallClock(sent * 1_000L);
          }
        }
        if (run == 1) {
          for (TrainingSample sample : samples) {
            learner.watermark(sample.getKnownAtMillis()); // released in many steps
          }
        }
        learner.end();
        digests.add(learner.digest());
      }
    }
    assertThat(digests).containsOnly(digests.get(0));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void interruptedAndRestoredEqualsUninterrupted(Mode mode) throws Exception {
    List<TrainingSample> samples = Inputs.samples(new SplittableRandom(5), 150);
    LearnerConfig config = Inputs.config(mode, BATCH);
    Learner whole = Learner.fresh(config);
    Learner part = Learner.fresh(config);
    try {
      for (int i = 0; i < samples.size(); i++) {
        if (i % 41 == 40) {
          whole.checkpoint(i); // `fast` flushes before a barrier: the undisturbed run has them too
          OperatorSubtaskState state = part.checkpoint(i);
          for (int lost = i; lost < Math.min(i + 20, samples.size()); lost++) {
            part.add(samples.get(lost)); // trained, and gone with the failure
          }
          part.close();
          part = Learner.restored(config, state);
          assertThat(part.digest()).isEqualTo(whole.digest());
        }
        for (Learner learner : List.of(whole, part)) {
          learner.add(samples.get(i));
          if (i % 7 == 0) {
            learner.watermark(samples.get(i).getKnownAtMillis() - 5);
          }
        }
      }
      whole.end();
      part.end();
      assertThat(part.digest()).isEqualTo(whole.digest());
      assertThat(part.validationState()).isEqualTo(whole.validationState());
      ModelMetrics lastWhole = whole.metrics().get(whole.metrics().size() - 1);
      ModelMetrics lastPart = part.metrics().get(part.metrics().size() - 1);
      assertThat(lastPart).isEqualTo(lastWhole);
      assertThat(lastPart.getSamplesTrained()).isEqualTo(150);
      whole.request("user1", 9);
      part.request("user1", 9);
      whole.wallClock(1_000_000);
      part.wallClock(1_000_000);
      assertThat(part.scored().get(0)).isEqualTo(whole.scored().get(0));
      assertThat(part.scored().get(0).getStages().get(0).getCount()).isPositive();
    } finally {
      whole.close();
      part.close();
    }
  }

  @Test
  void whoAsksBeforeTheFirstStepWaitsForIt() throws Exception {
    List<TrainingSample> samples = Inputs.samples(new SplittableRandom(8), BATCH);
    try (Learner learner = Learner.fresh(Inputs.config(Mode.FAST, BATCH))) {
      learner.request("user1", 1);
      learner.wallClock(1_000);
      assertThat(learner.scored()).isEmpty();
      for (TrainingSample sample : samples) {
        learner.add(sample);
      }
      learner.wallClock(2_000);
      assertThat(learner.scored()).hasSize(1);
      assertThat(learner.scored().get(0).getModelStep()).isEqualTo(1);
      assertThat(learner.scored().get(0).getTasks().get(0).getTags()).isNotEmpty();
    }
  }

  @Test
  void noRequestIsLostWithACheckpointBeforeTheFirstStep() throws Exception {
    try (Learner learner = Learner.fresh(Inputs.config(Mode.FAST, BATCH))) {
      learner.request("user1", 1);
      learner.checkpoint(1);
      assertThat(learner.scored()).hasSize(1);
    }
  }

  @Test
  void watermarkAndIdlenessWaitForTheFlush() throws Exception {
    try (Learner learner = Learner.fresh(Inputs.config(Mode.FAST, 2))) {
      learner.watermark(1);
      assertThat(learner.watermarks()).containsExactly(1L);
      List<TrainingSample> samples = Inputs.samples(new SplittableRandom(6), 2);
      learner.add(samples.get(0));
      learner.watermark(2);
      learner.watermark(3);
      learner.status(WatermarkStatus.IDLE);
      assertThat(learner.watermarks()).containsExactly(1L);
      assertThat(learner.statuses()).isEmpty();
      learner.add(samples.get(1));
      assertThat(learner.watermarks()).containsExactly(1L, 3L);
      assertThat(learner.statuses()).containsExactly(WatermarkStatus.IDLE);
      learner.status(WatermarkStatus.ACTIVE);
      assertThat(learner.statuses()).containsExactly(WatermarkStatus.IDLE, WatermarkStatus.ACTIVE);
    }
  }

  @Test
  void watermarkComesBehindTheUsersScoredBeforeIt() throws Exception {
    try (Learner learner = trained(Mode.FAST)) {
      int before = learner.output().size();
      learner.request("user1", 5);
      learner.watermark(Inputs.END + 7);
      assertThat(learner.output()).hasSize(before);
      learner.wallClock(1_000);
      assertThat(learner.output()).hasSize(before + 2);
      assertThat(learner.output().get(before + 1)).isEqualTo(new Watermark(Inputs.END + 7));
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void scoreRequestIsAnsweredWithinTheFlushIntervalWithoutTraining(Mode mode) throws Exception {
    try (Learner learner = trained(mode)) {
      learner.request("nobody knows", 5);
      assertThat(learner.scored()).isEmpty();
      learner.wallClock(Inputs.FLUSH.toMillis());
      ScoredUser scored = learner.scored().get(0);
      assertThat(scored.getUserId()).isEqualTo("nobody knows");
      assertThat(scored.getTasks()).hasSize(3);
      assertThat(scored.getStages().get(0).getAlpha()).isEqualTo(1);
      learner.request("user2", 6);
      learner.wallClock(3 * Inputs.FLUSH.toMillis());
      assertThat(learner.scored()).hasSize(2);
    }
  }

  @Test
  void requestsOfOneUserAreAnsweredOnceWithAllCauses() throws Exception {
    try (Learner learner = Learner.fresh(Inputs.config(Mode.FAST, BATCH))) {
      for (TrainingSample sample : Inputs.samples(new SplittableRandom(7), BATCH)) {
        learner.add(sample);
      }
      for (int i = 0; i < 40; i++) {
        learner.request("user1", 1000 + (i ^ 1)); // neighbours swapped
      }
      learner.request("user2", 1);
      learner.wallClock(1_000);
      assertThat(learner.scored())
          .extracting(ScoredUser::getUserId)
          .containsExactly("user1", "user2");
      ScoredUser scored = learner.scored().get(0);
      assertThat(scored.getEventTimeMillis()).isEqualTo(1039);
      assertThat(scored.getCauses()).hasSize(PendingScores.MAX_CAUSES);
      assertThat(scored.getCauses())
          .extracting(Cause::getEventTimeMillis)
          .isSorted()
          .endsWith(1039L);
      assertThat(scored.getModelStep()).isEqualTo(1);
      assertThat(scored.getTasks())
          .allSatisfy(
              task -> {
                assertThat(task.getTags()).isNotEmpty();
                assertThat(task.getTags()).allMatch(t -> t.getScore() > 0 && t.getScore() < 1);
              });
    }
  }

  @Test
  void poisonedBatchIsQuarantinedAndChangesNothing() throws Exception {
    LearnerConfig config = Inputs.config(Mode.FAST, BATCH);
    List<TrainingSample> samples = Inputs.samples(new SplittableRandom(8), 3 * BATCH);
    try (Learner clean = Learner.fresh(config);
        Learner poisoned = Learner.fresh(config)) {
      for (TrainingSample sample : samples.subList(0, BATCH)) {
        clean.add(sample);
        poisoned.add(sample);
      }
      for (TrainingSample sample : samples.subList(BATCH, 2 * BATCH)) {
        // finite, so no rule refuses it, and far beyond what a loss can bear
        sample.setSampleWeights(List.of(3e38f, 3e38f, 3e38f));
        poisoned.add(sample);
      }
      assertThat(poisoned.quarantined()).hasSize(BATCH);
      QuarantinedSample first = poisoned.quarantined().get(0);
      assertThat(first.getSample()).isEqualTo(samples.get(BATCH));
      assertThat(first.getReason()).isNotEmpty();
      for (TrainingSample sample : samples.subList(2 * BATCH, 3 * BATCH)) {
        clean.add(sample);
        poisoned.add(sample);
      }
      clean.request("user1", 1);
      poisoned.request("user1", 1);
      clean.wallClock(10_000);
      poisoned.wallClock(10_000);
      assertThat(poisoned.scored()).isEqualTo(clean.scored());
      assertThat(poisoned.validationState()).isEqualTo(clean.validationState());
      ModelMetrics metrics = poisoned.metrics().get(0);
      assertThat(metrics.getSamplesQuarantined()).isEqualTo(BATCH);
      assertThat(metrics.getSamplesTrained()).isEqualTo(2 * BATCH);
      assertThat(metrics.getLoss()).isFinite();
    }
  }

  @Test
  void sampleThatDoesNotFitIsQuarantinedAlone() throws Exception {
    try (Learner learner = Learner.fresh(Inputs.config(Mode.FAST, BATCH))) {
      TrainingSample sample = Inputs.samples(new SplittableRandom(9), 1).get(0);
      sample.setLabels(List.of(1f));
      learner.add(sample);
      assertThat(learner.quarantined().get(0).getReason())
          .contains("labels has 1 entries - expected 3");
    }
  }

  @Test
  void deletionForgetsTheUserAndGoesOn() throws Exception {
    try (Learner learner = Learner.fresh(Inputs.config(Mode.FAST, BATCH))) {
      TrainingSample sample = Inputs.samples(new SplittableRandom(10), 1).get(0);
      String user = sample.getUserId();
      learner.add(sample);
      learner.request(user, 10);
      learner.wallClock(1_000);
      assertThat(learner.scored().get(0).getStages()).anyMatch(stage -> stage.getCount() > 0);

      learner.request(user, 11);
      learner.send(new LearnerInput(user, new UserDeletion(user, Long.MAX_VALUE)));
      assertThat(learner.profiles().get(1).getBody()).isInstanceOf(UserDeletion.class);
      learner.wallClock(2_000);
      assertThat(learner.scored()).as("the request before it is dropped").hasSize(1);
      learner.request(user, 12);
      learner.wallClock(3_000);
      assertThat(learner.scored().get(1).getStages())
          .allMatch(stage -> stage.getCount() == 0 && stage.getAlpha() == 1);
    }
  }

  @Test
  void aSilentUserIsScoredAgainOnceTheIntervalIsOver() throws Exception {
    long hour = Duration.ofHours(1).toMillis();
    try (Learner learner = Learner.fresh(Inputs.config(Mode.FAST, BATCH))) {
      TrainingSample sample = Inputs.samples(new SplittableRandom(10), 1).get(0);
      String user = sample.getUserId();
      long first = sample.getImpressionTimeMillis() + 10;
      long second = first + 10;
      learner.add(sample);
      learner.request(user, first);
      learner.wallClock(1_000);
      assertThat(learner.scored()).hasSize(1);
      learner.watermark(first + hour - 1);
      learner.wallClock(2_000);
      assertThat(learner.scored()).as("not yet").hasSize(1);
      learner.request(user, second);
      learner.wallClock(3_000);
      learner.watermark(first + hour);
      learner.wallClock(4_000);
      assertThat(learner.scored()).as("was heard of meanwhile").hasSize(2);
      learner.watermark(second + hour);
      learner.wallClock(5_000);
      assertThat(learner.scored()).hasSize(3);
      assertThat(learner.scored().get(2).getCauses()).isEmpty();
      assertThat(learner.scored().get(2).getTasks()).isEqualTo(learner.scored().get(1).getTasks());
      learner.watermark(second + 2 * hour);
      learner.wallClock(6_000);
      assertThat(learner.scored()).as("again and again").hasSize(4);
      learner.send(new LearnerInput(user, new UserDeletion(user, Long.MAX_VALUE)));
      learner.wallClock(7_000);
      learner.watermark(second + 9 * hour);
      learner.wallClock(8_000);
      assertThat(learner.scored()).as("forgotten").hasSize(4);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aDeletedUserIsNotSweptHoweverLongTheDeletionWaits(Mode mode) throws Exception {
    long hour = Duration.ofHours(1).toMillis();
    try (Learner learner = Learner.fresh(Inputs.config(mode, BATCH))) {
      for (TrainingSample sample : Inputs.samples(new SplittableRandom(10), BATCH)) {
        learner.add(sample);
      }
      long now = 1_000 * hour;
      learner.watermark(now);
      learner.request("silent", now);
      learner.wallClock(1_000);
      learner.watermark(now + hour); // due, and not yet scored
      int before = learner.scored().size();
      learner.send(new LearnerInput("silent", new UserDeletion("silent", now + 9 * hour)));
      learner.wallClock(2_000);
      learner.watermark(now + 3 * hour);
      learner.wallClock(3_000);
      assertThat(before).isEqualTo(1);
      assertThat(learner.scored()).hasSize(before);
    }
  }

  @Test
  void whoIsDueAtACheckpointIsScoredBeforeIt() throws Exception {
    long hour = Duration.ofHours(1).toMillis();
    try (Learner learner = Learner.fresh(Inputs.config(Mode.FAST, BATCH))) {
      learner.request("u", hour);
      learner.watermark(2 * hour); // held by the request, which waits for the first step
      learner.checkpoint(1);
      assertThat(learner.scored()).hasSize(2);
    }
  }

  @Test
  void theEndOfTheInputSweepsNobody() throws Exception {
    try (Learner learner = Learner.fresh(Inputs.config(Mode.FAST, BATCH))) {
      TrainingSample sample = Inputs.samples(new SplittableRandom(10), 1).get(0);
      learner.add(sample);
      learner.request(sample.getUserId(), 10);
      learner.watermark(Long.MAX_VALUE);
      learner.end();
      assertThat(learner.scored()).hasSize(1);
    }
  }

  @Test
  void aNewUserGetsWhatIsPopularUntilSomethingIsLearnt() throws Exception {
    LearnerConfig config = Inputs.config(Mode.FAST, BATCH);
    ScoringConfig scoring = config.scoring();
    config =
        config.withScoring(
            new ScoringConfig(
                scoring.topK(),
                scoring.margin(),
                scoring.vocabularyCap(),
                scoring.deniedTags(),
                scoring.sweepInterval(),
                ScoringConfig.DefaultProfile.POPULARITY,
                scoring.popularityHalfLife()));
    OperatorSubtaskState state;
    List<TaskTags> popular;
    try (Learner learner = Learner.fresh(config)) {
      learner.newUser("early", 1);
      learner.wallClock(1_000);
      assertThat(learner.scored()).as("nothing is popular yet").isEmpty();
      List<TrainingSample> samples = Inputs.samples(new SplittableRandom(11), BATCH);
      for (TrainingSample sample : samples) {
        learner.add(sample);
      }
      learner.wallClock(2_000);
      ScoredUser early = learner.scored().get(0);
      assertThat(early.getUserId()).isEqualTo("early");
      assertThat(early.getModel()).isEqualTo("popularity");
      popular = early.getTasks();
      float most = popular.get(0).getTags().get(0).getScore();
      assertThat(most).isEqualTo(shareOfClicks(samples, popular.get(0).getTags().get(0).getTag()));

      learner.newUser(samples.get(0).getUserId(), 2);
      learner.request("early", 3);
      learner.wallClock(3_000);
      assertThat(learner.scored().subList(1, 3))
          .as("labels of the one were trained, the other comes with a cause")
          .extracting(ScoredUser::getModel)
          .containsOnly("mvke");
      state = learner.checkpoint(1);
    }
    try (Learner restored = Learner.restored(config, state)) {
      restored.newUser("late", 9);
      restored.wallClock(1_000);
      assertThat(restored.scored().get(0).getTasks()).isEqualTo(popular);
    }
  }

  private static float shareOfClicks(List<TrainingSample> samples, String tag) {
    List<TrainingSample> clicks =
        samples.stream().filter(each -> each.getLabels().get(0) > 0).toList();
    return clicks.stream().filter(each -> each.getTags().contains(tag)).count()
        / (float) clicks.size();
  }

  @Test
  void anExpiredUserIsForgottenAndTheSinkIsTold() throws Exception {
    try (Learner learner = Learner.fresh(Inputs.config(Mode.FAST, BATCH))) {
      TrainingSample sample = Inputs.samples(new SplittableRandom(10), 1).get(0);
      String user = sample.getUserId();
      learner.add(sample);
      learner.wallClock(1_000);
      learner.send(new LearnerInput(user, new UserExpiry(user, sample.getKnownAtMillis() + 1)));
      assertThat(learner.profiles().get(0).getBody()).isInstanceOf(UserExpiry.class);
      learner.wallClock(2_000);
      learner.request(user, 12);
      learner.wallClock(3_000);
      assertThat(learner.scored().get(0).getStages())
          .allMatch(stage -> stage.getCount() == 0 && stage.getAlpha() == 1);
    }
  }

  @Test
  void deletionDropsTheUsersSamplesThatWaitBeforeIt() throws Exception {
    try (Learner learner = Learner.fresh(Inputs.config(Mode.FAST, BATCH))) {
      TrainingSample sample = Inputs.samples(new SplittableRandom(10), 1).get(0);
      learner.add(sample);
      learner.send(
          new LearnerInput(
              sample.getUserId(), new UserDeletion(sample.getUserId(), Long.MAX_VALUE)));
      learner.end();
      assertThat(learner.metrics()).isEmpty();
    }
  }

  @Test
  void snapshotIsAnnouncedWhenItsCheckpointCompletes() throws Exception {
    SnapshotConfig snapshots = new SnapshotConfig(folder.toString(), Duration.ofMinutes(1));
    LearnerConfig config = Inputs.config(Mode.FAST, BATCH);
    try (Learner learner = new Learner(config, snapshots, null)) {
      learner.wallClock(60_000);
      for (TrainingSample sample : Inputs.samples(new SplittableRandom(11), BATCH)) {
        learner.add(sample);
      }
      String digest = learner.digest();
      learner.checkpoint(1);
      assertThat(learner.snapshots()).isEmpty();
      learner.complete(1);
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      for (long now = 61_000; learner.snapshots().isEmpty(); now += 100) {
        assertThat(System.nanoTime()).as("written in time").isLessThan(deadline);
        learner.wallClock(now);
        Thread.onSpinWait();
      }
      ModelSnapshot snapshot = learner.snapshots().get(0);
      assertThat(snapshot.getDigest()).isEqualTo(digest);
      Path written = Path.of(URI.create(snapshot.getUri()));
      assertThat(SnapshotManifest.read(written).digest()).isEqualTo(digest);
      try (SafetensorsFile file = SafetensorsFile.open(written.resolve(SnapshotManifest.TENSORS))) {
        assertThat(file.names()).anyMatch(name -> name.startsWith("dense/"));
        String ids =
            file.names().stream().filter(n -> n.endsWith("/ids")).findFirst().orElseThrow();
        assertThat(file.longs(ids)).isNotEmpty();
        assertThat(file.floats(ids.replace("/ids", "/values"))).isNotEmpty();
      }
    }
  }

  @Test
  void deterministicModeRefusesMoreThanOneReplica() {
    LearnerConfig config = Inputs.config(Mode.DETERMINISTIC, BATCH);
    assertThatThrownBy(() -> Learner.parallel(config, 2))
        .hasStackTraceContaining("batch.mode: deterministic");
  }

  /** A learner that has made its first step. */
  private static Learner trained(Mode mode) throws Exception {
    Learner learner = Learner.fresh(Inputs.config(mode, BATCH));
    for (TrainingSample sample : Inputs.samples(new SplittableRandom(12), BATCH)) {
      learner.add(sample);
    }
    learner.watermark(Inputs.END);
    return learner;
  }
}
