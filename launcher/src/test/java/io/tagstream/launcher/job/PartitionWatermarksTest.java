package io.tagstream.launcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.ingestion.flink.EventTimeWatermarks;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class PartitionWatermarksTest {

  private static final Duration BOUND = Duration.ofSeconds(5);

  private final AtomicLong millis = new AtomicLong();
  private final RelativeClock clock =
      new RelativeClock() {
        @Override
        public long relativeTimeMillis() {
          return millis.get();
        }

        @Override
        public long relativeTimeNanos() {
          return millis.get() * 1_000_000;
        }
      };
  private final Recorded output = new Recorded();
  private final PartitionWatermarks watermarks =
      new PartitionWatermarks(
          new EventTimeWatermarks(BOUND, Duration.ofSeconds(10), clock),
          Duration.ofSeconds(2),
          clock);

  private static final class Recorded implements WatermarkOutput {
    private final List<String> calls = new ArrayList<>();

    @Override
    public void emitWatermark(Watermark watermark) {
      calls.add("watermark " + watermark.getTimestamp());
    }

    @Override
    public void markIdle() {
      calls.add("idle");
    }

    @Override
    public void markActive() {
      calls.add("active");
    }
  }

  private static InputRecord click(long eventTimeMillis) {
    return new InputRecord(
        new Origin("clicks", 0, 1L, eventTimeMillis), new Click("u", "i", eventTimeMillis));
  }

  @Test
  void emptyPartitionIsIdleSoonAndOnce() {
    watermarks.onPeriodicEmit(output);
    assertThat(output.calls).isEmpty();
    millis.set(2_000);
    watermarks.onPeriodicEmit(output);
    millis.set(60_000);
    watermarks.onPeriodicEmit(output);
    assertThat(output.calls).containsExactly("idle");
  }

  @Test
  void firstEventWakesItAndThenItIsWaitedForLonger() {
    millis.set(2_000);
    watermarks.onPeriodicEmit(output);
    watermarks.onEvent(click(100_000), 100_000, output);
    millis.set(5_000);
    watermarks.onPeriodicEmit(output);
    assertThat(output.calls).containsExactly("idle", "active", "watermark 94999");
    millis.set(13_000);
    watermarks.onPeriodicEmit(output);
    assertThat(output.calls).endsWith("idle");
  }
}
