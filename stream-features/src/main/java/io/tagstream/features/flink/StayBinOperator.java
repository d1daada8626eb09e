package io.tagstream.features.flink;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.stay.EventHour;
import io.tagstream.features.stay.RollingStays;
import io.tagstream.schemas.HourOfStays;
import io.tagstream.schemas.StayBinEdges;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The one subtask that knows all stays: merges their counts by the hour, and tells the edges that
 * follow from an hour before the watermark that ends it.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState before anything else
final class StayBinOperator extends AbstractStreamOperator<StayBinEdges>
    implements OneInputStreamOperator<HourOfStays, StayBinEdges> {

  private static final String HOURS_STATE = "hours-of-stays";
  private static final String COMPLETE_STATE = "last-complete-hour";

  private final FeaturesConfig.Stays settings;

  private transient ListState<HourOfStays> hoursState;
  private transient ListState<Long> completeState;
  private transient RollingStays stays;

  StayBinOperator(FeaturesConfig.Stays settings) {
    this.settings = settings;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    hoursState =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>(HOURS_STATE, StayTypes.HOUR));
    completeState =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>(COMPLETE_STATE, LongSerializer.INSTANCE));
    long lastComplete = Long.MIN_VALUE;
    for (long restored : completeState.get()) {
      lastComplete = restored;
    }
    stays = new RollingStays(settings.binCount(), settings.history().toHours(), lastComplete);
    for (HourOfStays restored : hoursState.get()) {
      add(restored);
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    MetricGroup group = getMetricGroup().addGroup("tagstream").addGroup("features");
    group.gauge("staysInHistory", () -> stays.total());
  }

  @Override
  public void processElement(StreamRecord<HourOfStays> element) {
    add(element.getValue());
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    stays.completeTo(
        mark.getTimestamp() == Watermark.MAX_WATERMARK.getTimestamp()
            ? stays.newestHour()
            : EventHour.lastComplete(mark.getTimestamp()),
        (fromHour, edges) -> output.collect(new StreamRecord<>(new StayBinEdges(fromHour, edges))));
    super.processWatermark(mark);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<HourOfStays> hours = new ArrayList<>();
    stays.forEach((hour, counts) -> hours.add(new HourOfStays(hour, ByteBuffer.wrap(counts))));
    hoursState.update(hours);
    completeState.update(List.of(stays.lastComplete()));
  }

  private void add(HourOfStays hour) {
    stays.add(hour.getHour(), StayCountOperator.bytes(hour.getCounts()));
  }
}
