package io.tagstream.ingestion.flink;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Stay;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Watermarks of one partition: the newest event time less the bound. Only impressions, clicks,
 * stays and conversions say what time it is; a partition that holds others never holds the
 * watermark.
 *
 * <p>Idleness is judged here and not by {@code withIdleness}: a busy partition of items would count
 * as active there, and stop time for all. One generator sees one partition of one topic, as Kafka's
 * source has it: before a stream of mixed records a leading item would make all of it idle until
 * its first event.
 */
public final class EventTimeWatermarks implements WatermarkGenerator<InputRecord> {

  private static final long NONE = Long.MIN_VALUE;

  private final long boundMillis;
  private final long idleNanos;
  private final RelativeClock clock;
  private long newestMillis = NONE;
  private long activeNanos;
  private boolean idle;

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
        .withTimestampAssigner((record, appended) -> InputFields.eventTimeMillis(record));
  }

  @Override
  public void onEvent(InputRecord record, long eventTimeMillis, WatermarkOutput output) {
    Object body = record.getBody();
    if (!tellsTime(body)) {
      // An item, user or deletion shows what its partition holds; a refused record shows nothing.
      if (newestMillis == NONE && !(body instanceof DeadLetter)) {
        fallIdle(output);
      }
      return;
    }
    newestMillis = Math.max(newestMillis, InputFields.eventTimeMillis(record));
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
      fallIdle(output);
    }
  }

  private void fallIdle(WatermarkOutput output) {
    if (!idle) {
      idle = true;
      output.markIdle();
    }
  }

  private static boolean tellsTime(Object body) {
    return body instanceof Impression
        || body instanceof Click
        || body instanceof Stay
        || body instanceof Conversion;
  }
}
