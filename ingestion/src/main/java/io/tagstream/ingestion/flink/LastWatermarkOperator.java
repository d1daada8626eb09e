package io.tagstream.ingestion.flink;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.schemas.InputRecord;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.BasicTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Behind a bounded source: tells the watermark that follows from the last events before the input
 * ends. The source tells it by the clock, and a fast replay is over before the clock is: what the
 * live job had learnt by that watermark would be missing.
 *
 * <p>A source may also say {@link #ENDED} of a partition: one that is read, or was empty, holds the
 * others back no longer, though the reader waits for them.
 */
public final class LastWatermarkOperator extends AbstractStreamOperator<InputRecord>
    implements OneInputStreamOperator<InputRecord, InputRecord> {

  private static final long serialVersionUID = 1L;

  private static final String UID = "last-watermark";

  /** Of a partition without further records; later than any event, and not the end of time. */
  public static final Watermark ENDED = new Watermark(Long.MAX_VALUE - 1);

  private final long boundMillis;

  private transient ListState<Long> newestState;
  private transient long newestMillis;
  private transient long toldMillis;

  @SuppressWarnings("NullAway.Init") // Flink calls initializeState before any record
  LastWatermarkOperator(long boundMillis) {
    this.boundMillis = boundMillis;
  }

  /**
   * Puts it behind a bounded source.
   *
   * @param input with the watermarks of {@link EventTimeWatermarks}
   */
  public static DataStream<InputRecord> behind(
      DataStream<InputRecord> input, IngestionConfig config) {
    return input
        .transform(
            UID, input.getType(), new LastWatermarkOperator(config.watermarkBound().toMillis()))
        .uid(UID)
        .name(UID);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    // Union: whose partitions these were is not known any more, and at the end any of them will do.
    newestState =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>("newest", BasicTypeInfo.LONG_TYPE_INFO));
    newestMillis = EventTimeWatermarks.NONE;
    toldMillis = EventTimeWatermarks.NONE;
    for (long restored : newestState.get()) {
      newestMillis = Math.max(newestMillis, restored);
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    newestState.update(List.of(newestMillis));
  }

  @Override
  public void processElement(StreamRecord<InputRecord> element) {
    newestMillis = Math.max(newestMillis, EventTimeWatermarks.timeTold(element.getValue()));
    output.collect(element);
  }

  @Override
  public void processWatermark(Watermark mark) {
    if (mark.getTimestamp() < ENDED.getTimestamp()) {
      tell(mark.getTimestamp());
      return;
    }
    if (newestMillis != EventTimeWatermarks.NONE) {
      tell(newestMillis - boundMillis - 1);
    }
    if (mark.getTimestamp() == ENDED.getTimestamp()) {
      output.emitWatermarkStatus(WatermarkStatus.IDLE);
    } else {
      output.emitWatermarkStatus(WatermarkStatus.ACTIVE); // of an idle one nobody would hear it
      output.emitWatermark(mark);
    }
  }

  private void tell(long millis) {
    if (millis > toldMillis) {
      toldMillis = millis;
      output.emitWatermark(new Watermark(millis));
    }
  }
}
