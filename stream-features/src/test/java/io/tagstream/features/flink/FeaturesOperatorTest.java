package io.tagstream.features.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.features.Facts;
import io.tagstream.features.FeaturesConfig;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserExpiry;
import io.tagstream.schemas.UserFact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Flink's harness declares close() throws Exception
class FeaturesOperatorTest {

  private static final long T = 1_700_000_000_000L;
  private static final long WINDOW = Duration.ofMinutes(10).toMillis();

  @Test
  void aClickAsksForAScoreAtOnceAndTrainsOnceTheWatermarkIsThere() throws Exception {
    try (Harness harness = harness(null)) {
      harness.put(opened("a", T, "x", "y"));
      harness.put(Facts.label("a", T, Emission.CLICK, T + 1_000, "click", 1));
      assertThat(harness.take())
          .singleElement()
          .isInstanceOfSatisfying(
              ScoreRequest.class,
              request -> {
                assertThat(request.getEventTimeMillis()).isEqualTo(T + 1_000);
                assertThat(request.getCauses())
                    .singleElement()
                    .satisfies(
                        cause -> {
                          assertThat(cause.getImpressionId()).isEqualTo("a");
                          assertThat(cause.getTags()).containsExactly("x", "y");
                          assertThat(cause.getAppendTimeMillis()).isEqualTo(T + 1_007);
                        });
                // Clicked and most clicked tags: the click itself is in the view.
                assertThat(request.getUserFields().getLengths().subList(0, 2))
                    .isEqualTo(List.of(2, 2));
              });
      harness.processWatermark(T + 999);
      assertThat(harness.take()).isEmpty();
      harness.processWatermark(T + 1_000);
      assertThat(harness.take())
          .singleElement()
          .isInstanceOfSatisfying(
              TrainingSample.class,
              sample -> {
                assertThat(sample.getFirst()).isTrue();
                assertThat(sample.getKnownAtMillis()).isEqualTo(T + 1_000);
                assertThat(sample.getLabelled()).isEqualTo(List.of(true, false, false));
                assertThat(sample.getUserFields().getLengths().subList(0, 2))
                    .as("no emission sees its own label")
                    .isEqualTo(List.of(0, 0));
                assertThat(sample.getTagWeights()).isEqualTo(List.of(1f, 1f));
              });
    }
  }

  @Test
  void theFirstImpressionOfANewUserAsksWhereConfigured() throws Exception {
    FeaturesConfig plain = FeaturesConfig.defaults();
    FeaturesConfig asking =
        new FeaturesConfig(plain.tasks(), plain.labels(), plain.fields(), plain.credit(), true);
    try (Harness harness = harness(asking, null)) {
      harness.put(new User("u", T - 1, Map.of()));
      assertThat(harness.take()).as("attributes are no history, and no reason").isEmpty();
      harness.put(opened("a", T, "x"));
      assertThat(harness.take())
          .singleElement()
          .isInstanceOfSatisfying(
              ScoreRequest.class,
              request -> {
                assertThat(request.getCauses()).isEmpty();
                assertThat(request.getEventTimeMillis()).isEqualTo(T);
              });
      harness.put(opened("b", T + 1, "x"));
      assertThat(harness.take()).as("heard of").isEmpty();
      harness.put(new UserDeletion("u", T + 2));
      harness.take();
      harness.put(opened("c", T + 3, "x"));
      assertThat(harness.take()).as("new again").hasSize(1);
    }
    try (Harness harness = harness(null)) {
      harness.put(opened("a", T, "x"));
      assertThat(harness.take()).isEmpty();
    }
  }

  @Test
  void aRevisionMakesNoSecondSampleAndNoSecondRequest() throws Exception {
    try (Harness harness = harness(null)) {
      harness.put(opened("a", T, "x"));
      harness.put(Facts.label("a", T, Emission.CLICK, T + 4_000, "click", 1));
      assertThat(harness.take()).hasSize(1);
      LabeledImpression earlier = Facts.label("a", T, Emission.CLICK, T + 2_000, "click", 1);
      earlier.setRevision(true);
      harness.put(earlier);
      harness.processWatermark(T + 10_000);
      assertThat(harness.take())
          .singleElement()
          .isInstanceOfSatisfying(
              TrainingSample.class,
              sample -> assertThat(sample.getKnownAtMillis()).isEqualTo(T + 2_000));
      harness.put(earlier); // behind the watermark by now: it revises nothing
      assertThat(harness.take()).isEmpty();
      assertThat(harness.count("lateFacts")).isEqualTo(1);
    }
  }

  @Test
  void aStayBelowTheFirstEdgeAndAClosedWindowAskForNothing() throws Exception {
    try (Harness harness = harness(null)) {
      harness.put(opened("a", T, "x"));
      harness.put(Facts.label("a", T, Emission.STAY, T + 2_000, "stay", 2_000));
      harness.put(Facts.label("a", T, Emission.WINDOW_CLOSE, T + WINDOW, "click", 0));
      harness.processWatermark(T + WINDOW);
      assertThat(harness.take())
          .hasSize(2)
          .allSatisfy(output -> assertThat(output).isInstanceOf(TrainingSample.class))
          .extracting(output -> ((TrainingSample) output).getFirst())
          .containsExactly(true, false);
    }
  }

  @Test
  void lateFactsAreCountedAndMarkWhatTheyTouch() throws Exception {
    try (Harness harness = harness(null)) {
      harness.put(opened("a", T, "x"));
      harness.put(opened("b", T + 60_000, "x"));
      harness.processWatermark(T + 120_000); // both snapshots are taken
      harness.put(Facts.label("a", T, Emission.CLICK, T + 30_000, "click", 1)); // b's missed it
      harness.put(Facts.label("b", T + 60_000, Emission.STAY, T + 130_000, "stay", 50_000));
      harness.put(opened("c", T + 90_000, "x"));
      harness.put(Facts.label("c", T + 90_000, Emission.STAY, T + 130_000, "stay", 50_000));
      harness.put(opened("d", T + 150_000, "x"));
      harness.put(Facts.label("d", T + 150_000, Emission.STAY, T + 160_000, "stay", 50_000));
      harness.processWatermark(T + 200_000);
      assertThat(harness.take().stream().filter(TrainingSample.class::isInstance))
          .extracting(o -> ((TrainingSample) o).getImpressionId() + ((TrainingSample) o).getLate())
          .containsExactlyInAnyOrder("atrue", "btrue", "ctrue", "dfalse");
      assertThat(harness.count("lateFacts")).isEqualTo(2);
    }
  }

  @Test
  void restoredMidwayEqualsUndisturbed() throws Exception {
    List<UserFact> facts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String id = "i" + i;
      long time = T + i * 400_000L;
      facts.add(new UserFact("u" + i % 3, opened(id, time, "x" + i % 5, "y" + i % 2)));
      facts.add(
          new UserFact(
              "u" + i % 3, Facts.label(id, time, Emission.CLICK, time + 3_000, "click", 1)));
      facts.add(
          new UserFact(
              "u" + i % 3, Facts.label(id, time, Emission.WINDOW_CLOSE, time + WINDOW, "stay", 0)));
    }
    List<LearnerInput> undisturbed = new ArrayList<>();
    List<LearnerInput> restored = new ArrayList<>();
    try (Harness harness = harness(null)) {
      play(harness, facts, undisturbed);
    }
    OperatorSubtaskState state;
    try (Harness harness = harness(null)) {
      play(harness, facts.subList(0, 61), restored);
      state = harness.snapshot(1, 1);
    }
    try (Harness harness = harness(state)) {
      play(harness, facts.subList(61, facts.size()), restored);
    }
    assertThat(restored).isEqualTo(undisturbed).hasSizeGreaterThan(100);
  }

  @Test
  void latenessIsJudgedByTheRestoredWatermark() throws Exception {
    OperatorSubtaskState state;
    try (Harness harness = harness(null)) {
      harness.processWatermark(T);
      state = harness.snapshot(1, 1);
    }
    try (Harness harness = harness(state)) {
      harness.put(opened("a", T - 1, "x"));
      assertThat(harness.count("lateFacts")).isEqualTo(1);
    }
  }

  @Test
  void aSilentUsersRecordExpiresAndNothingIsLeft() throws Exception {
    try (Harness harness = harness(null)) {
      harness.put(opened("a", T, "x"));
      harness.put(Facts.label("a", T, Emission.CLICK, T + 1_000, "click", 1));
      harness.put(new User("u", T - 5, Map.of()));
      harness.processWatermark(T + Duration.ofDays(36).toMillis());
      assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
      assertThat(harness.numEventTimeTimers()).isEqualTo(1);
      harness.processWatermark(T + Duration.ofDays(73).toMillis());
      assertThat(harness.numKeyedStateEntries()).isZero();
      assertThat(harness.numEventTimeTimers()).isZero();
    }
  }

  @Test
  void theEndOfTheInputDrainsWhatIsKnownAndLetsNothingExpire() throws Exception {
    try (Harness harness = harness(null)) {
      harness.put(opened("a", T, "x"));
      harness.put(Facts.label("a", T, Emission.CLICK, T + 1_000, "click", 1));
      harness.put(opened("b", T + 3_600_000, "x"));
      harness.put(Facts.label("b", T + 3_600_000, Emission.STAY, T + 3_700_000, "stay", 60_000));
      harness.processWatermark(T + 500);
      harness.take();
      harness.processWatermark(Watermark.MAX_WATERMARK);
      List<Object> drained = harness.take();
      assertThat(drained)
          .extracting(o -> ((TrainingSample) o).getEmission())
          .containsExactly(Emission.CLICK, Emission.STAY);
      assertThat(((TrainingSample) drained.get(1)).getPseudoLabelled())
          .as("no label window was closed by the end")
          .isEqualTo(List.of(false, false, false));
      assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
      OperatorSubtaskState state = harness.snapshot(1, 1);
      try (Harness restored = harness(state)) {
        // As after a savepoint with drain: the user goes on, and its timer is set anew.
        restored.put(Facts.label("a", T, Emission.WINDOW_CLOSE, T + WINDOW, "stay", 0));
        restored.processWatermark(T + WINDOW);
        assertThat(restored.take())
            .singleElement()
            .isInstanceOfSatisfying(
                TrainingSample.class, sample -> assertThat(sample.getFirst()).isFalse());
      }
    }
  }

  @Test
  void aUserExpiresOnceNothingIsLeftToKnow() throws Exception {
    try (Harness harness = harness(null)) {
      harness.put(opened("a", T, "x"));
      harness.put(Facts.label("a", T, Emission.WINDOW_CLOSE, T + WINDOW, "click", 0));
      harness.processWatermark(T + Duration.ofDays(30).toMillis());
      harness.take();
      long later = T + Duration.ofDays(90).toMillis();
      harness.processWatermark(later);
      assertThat(harness.take()).containsExactly(new UserExpiry("u", later));
      assertThat(harness.numKeyedStateEntries()).isZero();
      assertThat(harness.numEventTimeTimers()).isZero();
    }
  }

  @Test
  void aDeletionForgetsTheUserAndTravelsOn() throws Exception {
    try (Harness harness = harness(null)) {
      harness.put(opened("a", T, "x"));
      harness.put(Facts.label("a", T, Emission.CLICK, T + 1_000, "click", 1));
      harness.processWatermark(T + 2 * WINDOW);
      harness.take();
      harness.put(new UserDeletion("u", T + 2 * WINDOW));
      assertThat(harness.take()).singleElement().isInstanceOf(UserDeletion.class);
      assertThat(harness.numKeyedStateEntries()).isZero();
      assertThat(harness.numEventTimeTimers()).isZero();
      harness.put(Facts.label("a", T, Emission.STAY, T + 2_000, "stay", 9_000));
      assertThat(harness.count("unmatchedLabels")).isEqualTo(1);
      assertThat(harness.numKeyedStateEntries()).isZero();
    }
  }

  @Test
  void labelsThatComeBeforeTheirImpressionWait() throws Exception {
    try (Harness harness = harness(null)) {
      harness.put(Facts.label("a", T, Emission.CLICK, T + 1_000, "click", 1));
      assertThat(harness.take()).isEmpty();
      harness.put(opened("a", T, "x"));
      assertThat(harness.take()).singleElement().isInstanceOf(ScoreRequest.class);
      harness.processWatermark(T + 1_000);
      assertThat(harness.take()).singleElement().isInstanceOf(TrainingSample.class);
      harness.put(Facts.label("never", T, Emission.CLICK, T + 2_000, "click", 1));
      harness.processWatermark(T + WINDOW);
      assertThat(harness.take()).isEmpty();
      assertThat(harness.count("unmatchedLabels")).isEqualTo(1);
    }
  }

  @Test
  void aCorrectionOfAClickedImpressionUsesItsOldSnapshotAndOthersAreUnmatched() throws Exception {
    try (Harness harness = harness(null)) {
      harness.put(opened("a", T, "x"));
      harness.put(opened("b", T, "x"));
      harness.put(Facts.label("a", T, Emission.CLICK, T + 1_000, "click", 1));
      harness.put(Facts.label("a", T, Emission.WINDOW_CLOSE, T + WINDOW, "conversion", 0));
      harness.put(Facts.label("b", T, Emission.WINDOW_CLOSE, T + WINDOW, "conversion", 0));
      harness.processWatermark(T + WINDOW);
      List<Object> before = harness.take();
      long later = T + Duration.ofDays(6).toMillis();
      harness.put(Facts.label("a", T, Emission.CORRECTION, later, "conversion", 1));
      harness.put(Facts.label("b", T, Emission.CORRECTION, later, "conversion", 1));
      assertThat(harness.take()).singleElement().isInstanceOf(ScoreRequest.class);
      harness.processWatermark(later);
      TrainingSample correction = (TrainingSample) harness.take().get(0);
      TrainingSample click =
          before.stream()
              .filter(TrainingSample.class::isInstance)
              .map(TrainingSample.class::cast)
              .findFirst()
              .orElseThrow();
      assertThat(correction.getUserFields()).isEqualTo(click.getUserFields());
      assertThat(correction.getLabels()).isEqualTo(List.of(0f, 0f, 1f));
      assertThat(harness.count("unmatchedLabels")).isEqualTo(1);
      harness.put(opened("c", later + 5_000, "x"));
      harness.put(Facts.label("c", later + 5_000, Emission.STAY, later + 6_000, "stay", 9_000));
      harness.processWatermark(later + 6_000);
      TrainingSample next = (TrainingSample) harness.take().get(1);
      assertThat(next.getPseudoLabels().get(2)).as("both corrections are booked").isEqualTo(1f);
    }
  }

  private static void play(Harness harness, List<UserFact> facts, List<LearnerInput> into)
      throws Exception {
    for (UserFact fact : facts) {
      harness.processElement(fact, 0);
      long time =
          fact.getFact() instanceof Opened opened
              ? opened.getImpressionTimeMillis()
              : ((LabeledImpression) fact.getFact()).getImpressionTimeMillis();
      harness.processWatermark(time - 1);
    }
    into.addAll(harness.extractOutputValues());
  }

  private static Opened opened(String id, long time, String... tags) {
    return Facts.opened(id, time, "feed", Map.of(), List.of(tags), Map.of("category", "k"));
  }

  private static Harness harness(OperatorSubtaskState restored) throws Exception {
    return harness(FeaturesConfig.defaults(), restored);
  }

  private static Harness harness(FeaturesConfig config, OperatorSubtaskState restored)
      throws Exception {
    Harness harness = new Harness(config);
    harness.setup();
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
    return harness;
  }

  /** The operator in Flink's test harness. */
  private static final class Harness
      extends KeyedOneInputStreamOperatorTestHarness<String, UserFact, LearnerInput> {

    Harness(FeaturesConfig config) throws Exception {
      super(new ConfiguredFeaturesOperator(config), UserFact::getUserId, Types.STRING, 1, 1, 0);
      getExecutionConfig().enableObjectReuse();
    }

    void put(Object fact) throws Exception {
      processElement(new UserFact("u", fact), 0);
    }

    List<Object> take() {
      List<Object> bodies =
          new ArrayList<>(extractOutputValues().stream().map(LearnerInput::getBody).toList());
      getOutput().clear();
      return bodies;
    }

    long count(String name) {
      FeaturesOperator features = (FeaturesOperator) getOperator();
      return switch (name) {
        case "lateFacts" -> features.lateFactCount();
        case "unmatchedLabels" -> features.unmatchedLabelCount();
        default -> throw new IllegalArgumentException(name);
      };
    }
  }
}
