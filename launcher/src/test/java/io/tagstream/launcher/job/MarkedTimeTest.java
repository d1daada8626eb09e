package io.tagstream.launcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.TimeMark;
import io.tagstream.schemas.UserExpiry;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.junit.jupiter.api.Test;

class MarkedTimeTest {

  private final MarkedTime time = new MarkedTime();
  private final List<Long> watermarks = new ArrayList<>();
  private final WatermarkOutput output =
      new WatermarkOutput() {
        @Override
        public void emitWatermark(Watermark watermark) {
          watermarks.add(watermark.getTimestamp());
        }

        @Override
        public void markIdle() {
          throw new AssertionError("a silent partition is waited for");
        }

        @Override
        public void markActive() {}
      };

  private void mark(int writer, int writers, long millis) {
    hear(new LearnerInput("", new TimeMark(0, writer, writers, millis)));
  }

  private void hear(LearnerInput input) {
    time.onEvent(input, Long.MIN_VALUE, output);
    time.onPeriodicEmit(output);
  }

  @Test
  void theSlowestWriterSaysHowFarTimeHasCome() {
    mark(0, 2, 100);
    assertThat(watermarks).as("one writer was not heard of").isEmpty();
    hear(new LearnerInput("u", new UserExpiry("u", 900L)));
    mark(1, 2, 70);
    mark(1, 2, 150);
    mark(0, 2, 120);
    assertThat(watermarks).containsExactly(70L, 100L, 120L);
  }

  @Test
  void aMarkOfNoWriterIsNone() {
    mark(0, 1, 100);
    mark(3, 2, 900);
    mark(-1, 1, 900);
    mark(0, 0, 900);
    mark(0, 1, 101);
    assertThat(watermarks).containsExactly(100L, 101L);
  }

  @Test
  void afterARescaleAllNewWritersAreWaitedFor() {
    mark(0, 1, 100);
    mark(0, 2, 110);
    assertThat(watermarks).containsExactly(100L);
    mark(1, 2, 105);
    assertThat(watermarks).containsExactly(100L, 105L);
    mark(0, 1, 130);
    assertThat(watermarks).containsExactly(100L, 105L, 130L);
  }
}
