package io.tagstream.launcher.job;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.ingestion.flink.EventTimeWatermarks;
import io.tagstream.schemas.InputRecord;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Ingestion's watermarks of one partition, with a short patience for partitions that are empty. A
 * partition that had events must be waited for long, because one that is only slow and taken for
 * idle makes its next events late; an empty one would hold the whole start back as long.
 */
final class PartitionWatermarks implements WatermarkGenerator<InputRecord> {

  private final EventTimeWatermarks watermarks;
  private final long patienceNanos;
  private final RelativeClock clock;
  private final long startNanos;
  private boolean empty = true;
  private boolean idle;

  /**
   * A generator for one partition.
   *
   * @param emptyIdleness after how long a partition without any record is idle
   * @param clock does not run while the partition is held back
   */
  PartitionWatermarks(EventTimeWatermarks watermarks, Duration emptyIdleness, RelativeClock clock) {
    this.watermarks = watermarks;
    this.patienceNanos = emptyIdleness.toNanos();
    this.clock = clock;
    this.startNanos = clock.relativeTimeNanos();
  }

  /** Timestamps and watermarks of the source. */
  static WatermarkStrategy<InputRecord> strategy(IngestionConfig config, Duration emptyIdleness) {
    WatermarkStrategy<InputRecord> ingestion = EventTimeWatermarks.strategy(config);
    Duration bound = config.watermarkBound();
    Duration idleness = config.sourceIdleness();
    return WatermarkStrategy.<InputRecord>forGenerator(
            context -> {
              RelativeClock clock = context.getInputActivityClock();
              return new PartitionWatermarks(
                  new EventTimeWatermarks(bound, idleness, clock), emptyIdleness, clock);
            })
        .withTimestampAssigner(ingestion);
  }

  @Override
  public void onEvent(InputRecord record, long eventTimeMillis, WatermarkOutput output) {
    if (idle) {
      idle = false;
      output.markActive();
    }
    empty = false;
    watermarks.onEvent(record, eventTimeMillis, output);
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    if (!empty) {
      watermarks.onPeriodicEmit(output);
    } else if (!idle && clock.relativeTimeNanos() - startNanos >= patienceNanos) {
      idle = true;
      output.markIdle();
    }
  }
}
