package io.tagstream.launcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.TimeMark;
import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TimeMarkOperatorTest {

  private static final int PARTITIONS = 3;
  private static final int WRITERS = 2;
  private static final int WRITER = 1;

  private OneInputStreamOperatorTestHarness<LearnerInput, LearnerInput> harness;

  @BeforeEach
  void open() throws Exception {
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new TimeMarkOperator(PARTITIONS), WRITERS, WRITERS, WRITER);
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private List<Object> written() {
    List<Object> bodies =
        harness.extractOutputStreamRecords().stream()
            .map(record -> record.getValue().getBody())
            .toList();
    harness.getOutput().clear();
    return bodies;
  }

  private static List<TimeMark> marks(long watermarkMillis) {
    return List.of(
        new TimeMark(0, WRITER, WRITERS, watermarkMillis),
        new TimeMark(1, WRITER, WRITERS, watermarkMillis),
        new TimeMark(2, WRITER, WRITERS, watermarkMillis));
  }

  @Test
  void saysTheTimeInEveryPartitionBeforeABarrier() throws Exception {
    LearnerInput sample = new LearnerInput("u", LearnerInputTopicsTest.sample());
    harness.processElement(new StreamRecord<>(sample, 5));
    harness.processWatermark(new Watermark(40));
    assertThat(written()).containsExactly(sample.getBody());

    harness.prepareSnapshotPreBarrier(1);
    assertThat(written()).isEqualTo(marks(40));
  }

  @Test
  void saysTheTimeAgainThoughItStandsStill() throws Exception {
    harness.processWatermark(new Watermark(40));
    harness.prepareSnapshotPreBarrier(1);
    written();

    harness.prepareSnapshotPreBarrier(2);
    assertThat(written()).isEqualTo(marks(40));
  }

  @Test
  void saysNothingBeforeThereIsTime() throws Exception {
    harness.prepareSnapshotPreBarrier(1);
    assertThat(written()).isEmpty();
  }

  @Test
  void theEndOfInputIsNoTime() throws Exception {
    harness.processWatermark(new Watermark(40));
    harness.processWatermark(Watermark.MAX_WATERMARK);
    harness.getOneInputOperator().finish();
    assertThat(written()).isEqualTo(marks(40));
  }
}
