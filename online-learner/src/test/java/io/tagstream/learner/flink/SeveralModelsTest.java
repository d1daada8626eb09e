package io.tagstream.learner.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.learner.BatchConfig.Mode;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.Network;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelPromotion;
import io.tagstream.schemas.ScoredUser;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserDeletion;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two models on one stream, as the job has them: an operator each, told the same. */
class SeveralModelsTest {

  private static final long HOUR = 3_600_000;

  private static final LearnerConfig MVKE = Inputs.config(Mode.FAST, 4);
  private static final LearnerConfig TWO_TOWER =
      MVKE.withModel(ModelConfig.of(Network.TWO_TOWER).withSizes(8, List.of(8)));

  private final List<TrainingSample> samples = Inputs.samples(new SplittableRandom(20), 16);
  private Learner first;
  private Learner second;

  @BeforeEach
  void start() throws Exception {
    first = Learner.among(MVKE, null);
    second = Learner.among(TWO_TOWER, null);
    both(learner -> learner.promote("mvke")); // as the job does at its start
    both(learner -> addAll(learner, samples));
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  @FunctionalInterface
  private interface Told {
    void to(Learner learner) throws Exception;
  }

  private void both(Told what) throws Exception {
    what.to(first);
    what.to(second);
  }

  private static void addAll(Learner learner, List<TrainingSample> samples) throws Exception {
    for (TrainingSample sample : samples) {
      learner.add(sample);
    }
  }

  private void checkpoint(long id) throws Exception {
    both(learner -> learner.checkpoint(id));
    both(learner -> learner.complete(id));
  }

  private static List<String> users(Learner learner) {
    return learner.scored().stream().map(ScoredUser::getUserId).toList();
  }

  @Test
  void bothLearnAsAloneAndTheFirstPublishes() throws Exception {
    both(learner -> learner.request("u1", 1));
    checkpoint(1);
    assertThat(users(first)).containsExactly("u1");
    assertThat(first.scored().get(0).getModel()).isEqualTo("mvke");
    assertThat(users(second)).isEmpty();
    for (LearnerConfig config : List.of(MVKE, TWO_TOWER)) {
      try (Learner alone = Learner.fresh(config)) {
        addAll(alone, samples);
        alone.checkpoint(1);
        Learner among = config.equals(MVKE) ? first : second;
        assertThat(among.digest()).isEqualTo(alone.digest());
        assertThat(among.validationState()).isEqualTo(alone.validationState());
      }
    }
  }

  @Test
  void aPromotionIsInForceBehindTheNextBarrierAndNoRequestIsLostOrAnsweredTwice() throws Exception {
    both(learner -> learner.request("before", 1));
    both(learner -> learner.promote("two-tower"));
    both(learner -> learner.request("between", 2));
    checkpoint(1);
    both(learner -> learner.request("after", 3));
    checkpoint(2);
    assertThat(users(first)).containsExactly("before", "between");
    assertThat(users(second)).containsExactly("after");
    assertThat(second.scored().get(0).getModel()).isEqualTo("two-tower");
    ModelMetrics told = second.metrics().get(0);
    assertThat(told.getModel()).isEqualTo("two-tower");
    assertThat(told.getChampion()).isTrue();
    assertThat(first.metrics().get(0).getChampion()).isFalse();
  }

  @Test
  void whatAnAbortedCheckpointHandedOverIsStillAnswered() throws Exception {
    both(learner -> learner.promote("two-tower"));
    first.checkpoint(1); // the other never sees the barrier
    both(learner -> learner.request("u1", 1));
    both(learner -> learner.request("gone", 2));
    both(learner -> learner.send(new LearnerInput("gone", new UserDeletion("gone", 3L))));
    both(learner -> learner.wallClock(Inputs.FLUSH.toMillis()));
    assertThat(first.profiles()).isEmpty();
    both(learner -> learner.abort(1));
    assertThat(first.profiles().get(0).getBody()).isInstanceOf(UserDeletion.class);
    assertThat(users(first)).containsExactly("u1");
    assertThat(second.profiles()).isEmpty();
    checkpoint(2);
    both(learner -> learner.request("u2", 4));
    checkpoint(3);
    assertThat(users(first)).containsExactly("u1");
    assertThat(users(second)).containsExactly("u2");
  }

  @Test
  void whatAnAbortedCheckpointChangedForBothIsAnsweredByBothRatherThanByNone() throws Exception {
    both(learner -> learner.promote("two-tower"));
    both(learner -> learner.checkpoint(1));
    both(learner -> learner.request("u1", 1));
    both(learner -> learner.wallClock(Inputs.FLUSH.toMillis()));
    both(learner -> learner.abort(1));
    assertThat(users(first)).containsExactly("u1");
    assertThat(users(second)).containsExactly("u1");
    both(learner -> learner.request("u2", 2));
    checkpoint(2);
    both(learner -> learner.request("u3", 3));
    checkpoint(3);
    assertThat(users(first)).containsExactly("u1", "u2");
    assertThat(users(second)).containsExactly("u1", "u3");
  }

  @Test
  void theAbortOfAnotherCheckpointTakesNothingBack() throws Exception {
    both(learner -> learner.promote("two-tower"));
    both(learner -> learner.checkpoint(1));
    both(learner -> learner.request("u1", 1));
    both(learner -> learner.wallClock(Inputs.FLUSH.toMillis()));
    first.abort(2);
    assertThat(users(first)).isEmpty();
    first.abort(1);
    assertThat(users(first)).containsExactly("u1");
  }

  @Test
  void aDeletionBeforeItIsToldWhoPublishesWaitsForItToo() throws Exception {
    for (LearnerConfig config : List.of(MVKE, TWO_TOWER)) {
      try (Learner started = Learner.among(config, null)) {
        started.send(new LearnerInput("gone", new UserDeletion("gone", 3L)));
        started.wallClock(Inputs.FLUSH.toMillis());
        assertThat(started.profiles()).isEmpty();
        started.promote("mvke");
        assertThat(started.profiles()).hasSize(config.equals(MVKE) ? 1 : 0);
      }
    }
  }

  @Test
  void deletionsAreToldByTheChampionAndForgottenByAll() throws Exception {
    TrainingSample sample = samples.get(0);
    String user = sample.getUserId();
    both(learner -> learner.send(new LearnerInput(user, new UserDeletion(user, 1_000_000L))));
    checkpoint(1);
    assertThat(first.profiles()).hasSize(1);
    assertThat(second.profiles()).isEmpty();
    both(learner -> learner.promote("two-tower"));
    checkpoint(2);
    both(learner -> learner.request(user, 1_000_001));
    checkpoint(3);
    assertThat(second.scored().get(0).getStages())
        .allSatisfy(stage -> assertThat(stage.getCount()).isZero());
  }

  @Test
  void theNewChampionRefreshesThoseTheOldOneKnew() throws Exception {
    both(learner -> learner.request("silent", 10));
    both(learner -> learner.promote("two-tower"));
    checkpoint(1);
    both(learner -> learner.watermark(HOUR + 11));
    both(learner -> learner.wallClock(2 * Inputs.FLUSH.toMillis()));
    assertThat(users(first)).containsExactly("silent");
    assertThat(users(second)).containsExactly("silent");
  }

  @Test
  void whoAsksBeforeItIsToldWhoPublishesWaitsForIt() throws Exception {
    OperatorSubtaskState state = first.checkpoint(1);
    try (Learner restored = Learner.among(MVKE, state)) {
      assertThat(restored.digest()).isEqualTo(first.digest());
      restored.request("u1", 1);
      restored.wallClock(Inputs.FLUSH.toMillis());
      assertThat(restored.scored()).isEmpty();
      restored.promote("mvke");
      restored.wallClock(2 * Inputs.FLUSH.toMillis());
      assertThat(users(restored)).containsExactly("u1");
    }
  }

  @Test
  void theChampionIsToldAtEveryStartAndIsState() throws Exception {
    OperatorSubtaskState state;
    try (Champion fresh = Champion.among(List.of("a", "b"), null)) {
      assertThat(fresh.told()).containsExactly("a");
      fresh.promote("b");
      fresh.promote("c");
      assertThat(fresh.told()).containsExactly("a", "b");
      state = fresh.checkpoint();
    }
    try (Champion more = Champion.among(List.of("c", "a", "b"), state)) {
      assertThat(more.told()).containsExactly("b");
    }
    try (Champion fewer = Champion.among(List.of("c", "a"), state)) {
      assertThat(fewer.told()).containsExactly("c");
    }
  }

  /** The operator that remembers who publishes, under Flink's harness. */
  private record Champion(OneInputStreamOperatorTestHarness<LearnerInput, LearnerInput> harness)
      implements AutoCloseable {

    static Champion among(List<String> models, OperatorSubtaskState restored) throws Exception {
      OneInputStreamOperatorTestHarness<LearnerInput, LearnerInput> harness =
          new OneInputStreamOperatorTestHarness<>(new ChampionOperator(models));
      harness.setup(
          new AvroTypeInfo<>(LearnerInput.class)
              .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
      if (restored != null) {
        harness.initializeState(restored);
      }
      harness.open();
      return new Champion(harness);
    }

    void promote(String model) throws Exception {
      harness.processElement(
          new StreamRecord<>(new LearnerInput("", new ModelPromotion(model, 1L))));
    }

    List<String> told() {
      return harness.extractOutputValues().stream()
          .map(input -> ((ModelPromotion) input.getBody()).getModel())
          .toList();
    }

    OperatorSubtaskState checkpoint() throws Exception {
      return harness.snapshot(1, 1);
    }

    @Override
    public void close() {
      try {
        harness.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
