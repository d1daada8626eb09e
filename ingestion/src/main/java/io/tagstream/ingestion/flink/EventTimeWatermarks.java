package io.tagstream.ingestion.flink;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Stay;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.SerializableTimestampAssigner;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Watermarks of one partition: the newest event time less the bound. Only impressions, clicks,
 * stays and conversions say what time it is.
 *
 * <p>Idleness is judged here and not by {@code withIdleness}: refused records would count as
 * activity there, and a partition of garbage would stop time for all.
 */
public final class EventTimeWatermarks implements WatermarkGenerator<InputRecord> {

  /** No time at all. */
  static final long NONE = Long.MIN_VALUE;

  private static final Duration NEVER_IDLE = Duration.ofDays(10_000);

  private final long boundMillis;
  private final long idleNanos;
  private final RelativeClock clock;
  private long newestMillis = NONE;
  private long activeNanos;
  private boolean idle;
  private boolean eager;

  /**
   * A generator for one partition.
   *
   * @param bound how far out of order events may come
   * @param idleness after how much silence the partition is idle
   * @param clock does not run while the partition is held back
   */
  public EventTimeWatermarks(Duration bound, Duration idleness, RelativeClock clock) {
    this.boundMillis = bound.toMillis();
    this.idleNanos = idleness.toNanos();
    this.clock = clock;
    this.activeNanos = clock.relativeTimeNanos();
  }

  /** Timestamps and watermarks of the source; alignment is added where the source is made. */
  public static WatermarkStrategy<InputRecord> strategy(IngestionConfig config) {
    Duration bound = config.watermarkBound();
    Duration idleness = config.sourceIdleness();
    return WatermarkStrategy.<InputRecord>forGenerator(
            context -> new EventTimeWatermarks(bound, idleness, context.getInputActivityClock()))
        .withTimestampAssigner(timestamps());
  }

  /**
   * The same, told with every event and not by the clock, and never idle. It costs more; but what
   * follows from the order of events alone, as in a replay by one reader, is then the same each
   * time.
   */
  public static WatermarkStrategy<InputRecord> eagerStrategy(IngestionConfig config) {
    Duration bound = config.watermarkBound();
    return WatermarkStrategy.<InputRecord>forGenerator(
            context -> {
              EventTimeWatermarks eager =
                  new EventTimeWatermarks(bound, NEVER_IDLE, context.getInputActivityClock());
              eager.eager = true;
              return eager;
            })
        .withTimestampAssigner(timestamps());
  }

  /** Event time of any record; of a refused one, when it was appended. */
  public static SerializableTimestampAssigner<InputRecord> timestamps() {
    return (record, appended) -> InputFields.eventTimeMillis(record);
  }

  @Override
  public void onEvent(InputRecord record, long eventTimeMillis, WatermarkOutput output) {
    long told = timeTold(record);
    if (told == NONE) {
      return;
    }
    if (eager && told > newestMillis) {
      output.emitWatermark(new Watermark(told - boundMillis - 1));
    }
    newestMillis = Math.max(newestMillis, told);
    activeNanos = clock.relativeTimeNanos();
    if (idle) {
      idle = false;
      output.markActive();
    }
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    if (idle) {
      return; // emitting would make it active
    }
    if (newestMillis != NONE) {
      output.emitWatermark(new Watermark(newestMillis - boundMillis - 1));
    }
    if (clock.relativeTimeNanos() - activeNanos >= idleNanos) {
      idle = true;
      output.markIdle();
    }
  }

  /** The time that a record says it is; {@link #NONE} when it says nothing of it. */
  static long timeTold(InputRecord record) {
    Object body = record.getBody();
    return body instanceof Impression
            || body instanceof Click
            || body instanceof Stay
            || body instanceof Conversion
        ? InputFields.eventTimeMillis(record)
        : NONE;
  }
}
