package io.tagstream.ingestion.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.schemas.Click;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Origin;
import io.tagstream.schemas.User;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Flink's harness declares close() throws Exception
class LastWatermarkOperatorTest {

  private static final long BOUND = 100;

  @Test
  void theEndComesBehindTheWatermarkOfTheLastEvents() throws Exception {
    try (Harness harness = harness(null)) {
      harness.put(click(5_000));
      harness.processWatermark(3_000);
      harness.put(click(4_000));
      harness.put(new User("u", 9_000L, Map.of())); // tells no time
      harness.processWatermark(Watermark.MAX_WATERMARK);
      assertThat(harness.times())
          .containsExactly(
              new Watermark(3_000),
              new Watermark(5_000 - BOUND - 1),
              WatermarkStatus.ACTIVE,
              Watermark.MAX_WATERMARK);
    }
  }

  @Test
  void whoHasReadAllHoldsNobodyBackAndStillEnds() throws Exception {
    try (Harness harness = harness(null)) {
      harness.put(click(5_000));
      harness.processWatermark(LastWatermarkOperator.ENDED);
      assertThat(harness.times())
          .containsExactly(new Watermark(5_000 - BOUND - 1), WatermarkStatus.IDLE);
      harness.processWatermark(Watermark.MAX_WATERMARK);
      assertThat(harness.times().subList(2, 4))
          .containsExactly(WatermarkStatus.ACTIVE, Watermark.MAX_WATERMARK);
    }
    try (Harness nothing = harness(null)) {
      nothing.processWatermark(LastWatermarkOperator.ENDED);
      assertThat(nothing.times()).containsExactly(WatermarkStatus.IDLE);
    }
  }

  @Test
  void restoredBehindTheLastEventItStillKnowsIt() throws Exception {
    OperatorSubtaskState state;
    try (Harness harness = harness(null)) {
      harness.put(click(5_000));
      state = harness.snapshot(1, 1);
    }
    try (Harness restored = harness(state)) {
      restored.processWatermark(Watermark.MAX_WATERMARK);
      assertThat(restored.times()).startsWith(new Watermark(5_000 - BOUND - 1));
    }
  }

  private static Click click(long timeMillis) {
    return Click.newBuilder()
        .setUserId("u")
        .setImpressionId("i")
        .setEventTimeMillis(timeMillis)
        .build();
  }

  private static Harness harness(OperatorSubtaskState restored) throws Exception {
    Harness harness = new Harness();
    harness.setup();
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
    return harness;
  }

  private static final class Harness
      extends OneInputStreamOperatorTestHarness<InputRecord, InputRecord> {

    Harness() throws Exception {
      super(new LastWatermarkOperator(BOUND));
    }

    void put(Object body) throws Exception {
      processElement(new StreamRecord<>(new InputRecord(new Origin("t", 0, 0L, 1L), body)));
    }

    /** What it says of time. */
    List<Object> times() {
      return getOutput().stream().filter(each -> !(each instanceof StreamRecord)).toList();
    }
  }
}
