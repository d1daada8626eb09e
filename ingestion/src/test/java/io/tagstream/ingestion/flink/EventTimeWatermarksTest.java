package io.tagstream.ingestion.flink;

import static io.tagstream.ingestion.flink.Inputs.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.InputRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class EventTimeWatermarksTest {

  /** Time that moves when told to, and what the generator said. */
  private static final class Partition implements RelativeClock, WatermarkOutput {
    final List<String> said = new ArrayList<>();
    long millis = 1_000;

    @Override
    public long relativeTimeMillis() {
      return millis;
    }

    @Override
    public long relativeTimeNanos() {
      return millis * 1_000_000;
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      said.add("" + (watermark.getTimestamp() - START));
    }

    @Override
    public void markIdle() {
      said.add("idle");
    }

    @Override
    public void markActive() {
      said.add("active");
    }
  }

  private final Partition partition = new Partition();
  private final EventTimeWatermarks watermarks =
      new EventTimeWatermarks(Duration.ofSeconds(5), Duration.ofSeconds(10), partition);

  private void event(InputRecord record) {
    watermarks.onEvent(record, InputFields.eventTimeMillis(record), partition);
  }

  private void period() {
    watermarks.onPeriodicEmit(partition);
  }

  private static InputRecord deadLetter() {
    return Inputs.input(
        DeadLetter.newBuilder()
            .setTopic("clicks")
            .setPartition(0)
            .setOffset(0)
            .setAppendTimeMillis(START + 1_000_000)
            .setReason(DeadLetterReason.UNREADABLE)
            .setDetail("value: broken")
            .build());
  }

  @Test
  void staysTheBoundBehindTheNewestEvent() {
    period();
    event(Inputs.impression("u", "i", 1));
    event(Inputs.click("u", "i", 0));
    period();
    assertThat(partition.said).containsExactly("54999");
  }

  @Test
  void recordsThatTellNoTimeDoNotMoveIt() {
    event(Inputs.stay("u", "i", 0, 1));
    event(Inputs.item(9, "a"));
    event(Inputs.user("u", 9));
    event(Inputs.deletion("u", 9));
    event(deadLetter());
    period();
    assertThat(partition.said).containsExactly("-5001");
  }

  @Test
  void aBusyPartitionOfItemsIsSilence() {
    event(Inputs.item(0, "a"));
    partition.millis += 10_000;
    event(Inputs.item(1, "a"));
    period();
    assertThat(partition.said).containsExactly("idle");
  }

  @Test
  void garbageAloneIsSilence() {
    event(deadLetter());
    period();
    assertThat(partition.said).isEmpty();
    partition.millis += 10_000;
    event(deadLetter());
    period();
    period();
    assertThat(partition.said).containsExactly("idle");
  }

  @Test
  void silenceMakesItIdleAndAnEventActiveAgain() {
    event(Inputs.conversion("u", "i", 0));
    partition.millis += 9_999;
    period();
    partition.millis += 1;
    period();
    period();
    event(Inputs.conversion("u", "i", 1));
    period();
    assertThat(partition.said).containsExactly("-5001", "-5001", "idle", "active", "54999");
  }

  @Test
  void theStrategyStampsRecordsWithTheirEventTime() {
    var assigner =
        EventTimeWatermarks.strategy(IngestionConfig.defaults())
            .createTimestampAssigner(() -> null);
    assertThat(assigner.extractTimestamp(Inputs.click("u", "i", 2), 0)).isEqualTo(Inputs.at(2));
    assertThat(assigner.extractTimestamp(Inputs.item(3, "a"), 0)).isEqualTo(Inputs.at(3));
    assertThat(assigner.extractTimestamp(deadLetter(), 0)).isEqualTo(START + 1_000_000);
  }
}
