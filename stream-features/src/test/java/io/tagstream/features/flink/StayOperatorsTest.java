package io.tagstream.features.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.features.Facts;
import io.tagstream.features.stay.StayCounts;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.HourOfStays;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.StayBinEdges;
import io.tagstream.schemas.TaskLabel;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserFact;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Flink's harness declares close() throws Exception
class StayOperatorsTest {

  private static final long HOUR = 3_600_000L;
  private static final long H = 472_000;
  private static final long T = H * HOUR;

  @Test
  void aStayIsCountedOnceInTheHourOfItsOwnTime() throws Exception {
    try (var counting = counting(null)) {
      counting.processElement(stay("a", T + HOUR - 10, 500, false), 0);
      counting.processElement(stay("b", T + HOUR + 5, 9, false), 0);
      counting.processElement(stay("a", T + HOUR - 20, 300, true), 0); // came out of order
      counting.processElement(stay("a", T + HOUR - 20, 300, false), 0); // and again
      assertThat(counting.numKeyedStateEntries()).isPositive();
      counting.processWatermark(T + HOUR - 2);
      assertThat(records(counting)).as("the hour is not over").isEmpty();
      counting.processElement(stay("a", T + HOUR - 30, 100, true), 0); // it is counted by now
      counting.processWatermark(T + HOUR - 1);
      assertThat(counting.getOutput()).hasSize(2);
      assertThat(counting.getOutput().poll())
          .as("counts come before the watermark")
          .isInstanceOfSatisfying(
              StreamRecord.class, told -> assertThat(lengths(told)).isEqualTo(List.of(H, 300L)));
      assertThat(counting.getOutput().poll()).isEqualTo(new Watermark(T + HOUR - 1));
      counting.processElement(stay("c", T + HOUR - 40, 700, false), 0); // its hour is over
      counting.processElement(stay("d", T + 2 * HOUR, 8, false), 0);
      counting.processWatermark(T + 4 * HOUR);
      assertThat(records(counting))
          .extracting(StayOperatorsTest::lengths)
          .containsExactly(List.of(H + 1, 9L), List.of(H + 2, 8L));
      assertThat(counting.numKeyedStateEntries()).isZero();
      assertThat(counting.numEventTimeTimers()).isZero();
    }
  }

  @Test
  void aLateStayOfAnHourThatIsNotOverCountsAlsoAfterARestart() throws Exception {
    OperatorSubtaskState state;
    try (var counting = counting(null)) {
      counting.processWatermark(T + HOUR / 2);
      counting.processElement(stay("a", T + HOUR / 2 + 9, 11, false), 0);
      counting.processElement(stay("b", T + 7, 12, false), 0);
      state = counting.snapshot(1, 1);
    }
    try (var counting = counting(state)) {
      counting.processElement(stay("c", T - 1, 13, false), 0); // behind the hour that was going on
      counting.processElement(stay("a", T + HOUR / 2 + 5, 10, true), 0);
      counting.processWatermark(T + HOUR);
      assertThat(records(counting))
          .extracting(StayOperatorsTest::lengths)
          .containsExactly(List.of(H, 10L, 12L));
    }
  }

  @Test
  void silenceIsNoReasonToLeaveASubtaskOut() throws Exception {
    try (var counting = counting(null)) {
      counting.processWatermarkStatus(WatermarkStatus.IDLE);
      assertThat(counting.getOutput()).isEmpty();
    }
  }

  @Test
  void edgesComeBeforeTheWatermarkAndTimePassesWithoutAnyStay() throws Exception {
    try (var merging = merging(null)) {
      merging.processWatermark(T);
      assertThat(merging.getOutput()).containsExactly(new Watermark(T));
      merging.getOutput().clear();
      merging.processElement(hour(H, 30), 0);
      merging.processElement(hour(H, 30), 0);
      merging.processElement(hour(H + 1, 1), 0);
      merging.processWatermark(T + HOUR - 1);
      assertThat(merging.getOutput()).hasSize(2);
      assertThat(merging.getOutput().poll())
          .isEqualTo(new StreamRecord<>(new StayBinEdges(H + 2, List.of(6L, 12L, 18L, 24L))));
    }
  }

  @Test
  void countsOutliveARestart() throws Exception {
    OperatorSubtaskState state;
    try (var merging = merging(null)) {
      merging.processElement(hour(H, 30), 0);
      merging.processElement(hour(H + 1, 30), 0);
      merging.processWatermark(T + HOUR);
      state = merging.snapshot(1, 1);
    }
    try (var merging = merging(state)) {
      merging.processElement(hour(H + 1, 30), 0);
      merging.processWatermark(T + 2 * HOUR);
      merging.processWatermark(T + 13 * HOUR); // all but the second hour have left the history
      merging.processWatermark(Watermark.MAX_WATERMARK);
      assertThat(merging.extractOutputValues())
          .containsExactly(
              new StayBinEdges(H + 3, List.of(6L, 12L, 18L, 24L)),
              new StayBinEdges(H + 14, List.of(6L, 12L, 18L, 24L)));
    }
  }

  @Test
  void noStayIsLabelledBeforeItsEdgesCanBeThere() throws Exception {
    try (var features = features(null)) {
      features.processElement1(Facts.fact(Facts.opened("a", T, "x")), 0);
      features.processElement1(stayOf("a", T, T + 1_000, 500), 0);
      features.processWatermark1(new Watermark(T + 2_000));
      assertThat(samples(features)).isEmpty();
      features.processElement2(new StayBinEdges(H, List.of(100L, 1_000L)), 0);
      features.processElement2(new StayBinEdges(H + 1, List.of(1L)), 0);
      features.processWatermark2(new Watermark(T + 2_000));
      assertThat(samples(features)).singleElement().satisfies(StayOperatorsTest::isInTheMiddle);
    }
  }

  @Test
  void edgesOutliveARestartAndGoWhenNothingNeedsThem() throws Exception {
    OperatorSubtaskState state;
    try (var features = features(null)) {
      features.processElement2(new StayBinEdges(H - 3, List.of(7L)), 0);
      features.processElement2(new StayBinEdges(H, List.of(100L, 1_000L)), 0);
      features.processElement1(Facts.fact(Facts.opened("a", T, "x")), 0);
      both(features, T + 500);
      features.processElement2(new StayBinEdges(H + 2, List.of(9L)), 0);
      state = features.snapshot(1, 1);
    }
    try (var features = features(state)) {
      features.processElement1(stayOf("a", T, T + 1_000, 500), 0);
      both(features, T + 2_000);
      assertThat(samples(features)).singleElement().satisfies(StayOperatorsTest::isInTheMiddle);
      both(features, T + 5 * HOUR);
      features.processElement2(new StayBinEdges(H + 7, List.of(9L)), 0);
      List<Long> left = new ArrayList<>();
      ((CountedFeaturesOperator) features.getOperator())
          .stayBins()
          .forEach((fromHour, edges) -> left.add(fromHour));
      assertThat(left).containsExactly(H + 2, H + 7);
    }
  }

  @Test
  void silentFactsHoldNobodyBackOnceTheEdgesHaveCaughtUp() throws Exception {
    try (var features = features(null)) {
      features.processWatermark1(new Watermark(T + 20));
      features.processWatermarkStatus1(WatermarkStatus.IDLE);
      features.processWatermark2(new Watermark(T + 10));
      assertThat(features.getOutput()).containsExactly(new Watermark(T + 10));
      features.processWatermark2(new Watermark(T + 30)); // of subtasks that go on already
      assertThat(features.getOutput())
          .containsExactly(new Watermark(T + 10), new Watermark(T + 20), WatermarkStatus.IDLE);
      features.getOutput().clear();
      features.processWatermarkStatus1(WatermarkStatus.ACTIVE);
      features.processElement1(Facts.fact(Facts.opened("a", T + 25, "x")), 0);
      features.processElement1(stayOf("a", T + 25, T + 26, 500), 0);
      features.processWatermark1(new Watermark(T + 40));
      assertThat(features.getOutput()).startsWith(WatermarkStatus.ACTIVE);
      assertThat(samples(features))
          .singleElement()
          .satisfies(sample -> assertThat(sample.getLate()).isFalse());
      features.processWatermarkStatus2(WatermarkStatus.IDLE);
      features.processWatermark1(new Watermark(T + 50));
      assertThat(features.getOutput()).as("facts never run ahead").isEmpty();
    }
  }

  private static void isInTheMiddle(TrainingSample sample) {
    assertThat(sample.getLabels()).isEqualTo(List.of(0f, 0.5f, 0f));
  }

  private static UserFact stay(String id, long time, long length, boolean revision) {
    UserFact fact = stayOf(id, time - 1, time, length);
    ((LabeledImpression) fact.getFact()).setRevision(revision);
    return fact;
  }

  private static UserFact stayOf(String id, long shownAt, long time, long length) {
    return new UserFact(
        "u",
        new LabeledImpression(
            "u",
            id,
            shownAt,
            Emission.STAY,
            List.of(new TaskLabel("stay", (double) length)),
            time,
            time,
            false,
            false));
  }

  /** Stays of 0, 1, 2, … milliseconds in an hour. */
  private static HourOfStays hour(long hour, int stays) {
    StayCounts counts = new StayCounts();
    for (int length = 0; length < stays; length++) {
      counts.count(length);
    }
    return new HourOfStays(hour, ByteBuffer.wrap(counts.toBytes()));
  }

  /** The hour, and the lengths that were counted in it. */
  private static List<Long> lengths(StreamRecord<?> told) {
    HourOfStays hour = (HourOfStays) told.getValue();
    StayCounts counts = StayCounts.of(hour.getCounts().array());
    List<Long> lengths = new ArrayList<>(List.of(hour.getHour()));
    for (long length = 0; length < 1_000; length++) {
      StayCounts one = new StayCounts();
      one.count(length);
      try {
        counts.subtract(one);
        lengths.add(length);
      } catch (IllegalArgumentException e) {
        // there is none of this length
      }
    }
    assertThat(counts.total()).isZero();
    return lengths;
  }

  private static List<StreamRecord<?>> records(AbstractStreamOperatorTestHarness<?> harness) {
    List<StreamRecord<?>> records = new ArrayList<>(harness.getRecordOutput());
    harness.getOutput().clear();
    return records;
  }

  private static List<TrainingSample> samples(
      AbstractStreamOperatorTestHarness<LearnerInput> harness) {
    List<TrainingSample> samples =
        harness.extractOutputValues().stream()
            .map(LearnerInput::getBody)
            .filter(TrainingSample.class::isInstance)
            .map(TrainingSample.class::cast)
            .toList();
    harness.getOutput().clear();
    return samples;
  }

  private static void both(
      KeyedTwoInputStreamOperatorTestHarness<?, ?, ?, ?> features, long watermark)
      throws Exception {
    features.processWatermark1(new Watermark(watermark));
    features.processWatermark2(new Watermark(watermark));
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, UserFact, HourOfStays> counting(
      OperatorSubtaskState restored) throws Exception {
    return started(
        new KeyedOneInputStreamOperatorTestHarness<>(
            new StayCountOperator(), UserFact::getUserId, Types.STRING),
        restored);
  }

  private static OneInputStreamOperatorTestHarness<HourOfStays, StayBinEdges> merging(
      OperatorSubtaskState restored) throws Exception {
    return started(
        new OneInputStreamOperatorTestHarness<>(
            new StayBinOperator(CountedStaysTest.config().labels().stays())),
        restored);
  }

  private static KeyedTwoInputStreamOperatorTestHarness<
          String, UserFact, StayBinEdges, LearnerInput>
      features(OperatorSubtaskState restored) throws Exception {
    return started(
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new CountedFeaturesOperator(CountedStaysTest.config()),
            UserFact::getUserId,
            null,
            Types.STRING),
        restored);
  }

  private static <H extends AbstractStreamOperatorTestHarness<?>> H started(
      H harness, OperatorSubtaskState restored) throws Exception {
    harness.setup();
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
    return harness;
  }
}
