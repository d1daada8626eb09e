package io.tagstream.features.flink;

import io.tagstream.features.stay.EventHour;
import io.tagstream.features.stay.HourlyStays;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.HourOfStays;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserFact;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Keyed by user: counts every stay that gives a label, once, in the hour of its own time, and hands
 * an hour's counts on before the watermark that ends it.
 *
 * <p>A stay waits until the watermark reaches it, since until then an earlier one of the same
 * impression may take its place (a revision); what comes behind the watermark is counted at once,
 * or, when its hour is over, not at all. A revision of a stay that is counted changes nothing.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else
final class StayCountOperator extends AbstractStreamOperator<HourOfStays>
    implements OneInputStreamOperator<UserFact, HourOfStays>, Triggerable<String, VoidNamespace> {

  private static final String WAITING_STATE = "waiting-stays";
  private static final String HOURS_STATE = "hours-of-stays";
  private static final String WATERMARK_STATE = "watermark";
  private static final String TIMERS = "stays";

  /** By impression: time and length of the stay, milliseconds. */
  private transient MapState<String, Tuple2<Long, Long>> waiting;

  private transient ListState<HourOfStays> hoursState;
  private transient ListState<Long> watermarks;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient HourlyStays stays;
  private transient Counter staysCounted;
  private transient Counter staysTooLate;

  /** The largest watermark before the end of the input, over restores. */
  private transient long watermark;

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    // Split among subtasks in any way: it does not matter who hands a stay on.
    hoursState =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>(HOURS_STATE, StayTypes.HOUR));
    watermarks =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>(WATERMARK_STATE, LongSerializer.INSTANCE));
    stays = new HourlyStays();
    for (HourOfStays restored : hoursState.get()) {
      stays.add(restored.getHour(), bytes(restored.getCounts()));
    }
    long smallest = Long.MAX_VALUE;
    for (long restored : watermarks.get()) {
      smallest = Math.min(smallest, restored);
    }
    watermark = smallest == Long.MAX_VALUE ? Long.MIN_VALUE : smallest;
  }

  @Override
  public void open() throws Exception {
    super.open();
    waiting =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    WAITING_STATE, Types.STRING, Types.TUPLE(Types.LONG, Types.LONG)));
    timers = getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this);
    MetricGroup group = getMetricGroup().addGroup("tagstream").addGroup("features");
    staysCounted = group.counter("staysCounted");
    staysTooLate = group.counter("staysTooLate");
  }

  @Override
  public void processElement(StreamRecord<UserFact> element) throws Exception {
    if (element.getValue().getFact() instanceof LabeledImpression labels
        && labels.getEmission() == Emission.STAY
        && !labels.getLabels().isEmpty()) {
      take(labels);
    } else if (element.getValue().getFact() instanceof UserDeletion) {
      waiting.clear();
    }
  }

  private void take(LabeledImpression labels) throws Exception {
    String impression = labels.getImpressionId();
    if (labels.getRevision() && !waiting.contains(impression)) {
      return;
    }
    long time = labels.getEventTimeMillis();
    // Every task of stays has the same label: the length, before it is binned.
    long length = Math.max(0, (long) labels.getLabels().get(0).getValue());
    if (time > watermark) {
      waiting.put(impression, Tuple2.of(time, length));
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time);
    } else {
      waiting.remove(impression);
      if (EventHour.of(time) > EventHour.lastComplete(watermark)) {
        count(time, length);
      } else {
        staysTooLate.inc();
      }
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    List<String> due = new ArrayList<>();
    for (Map.Entry<String, Tuple2<Long, Long>> each : waiting.entries()) {
      Tuple2<Long, Long> stay = each.getValue();
      if (stay.f0 <= timer.getTimestamp()) {
        count(stay.f0, stay.f1);
        due.add(each.getKey());
      }
    }
    for (String impression : due) {
      waiting.remove(impression); // the iterator's own would leave empty maps behind
    }
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("stays are counted by event time alone");
  }

  /** Counts the stays that are due, hands complete hours on, and only then tells the time. */
  @Override
  public void processWatermark(Watermark mark) throws Exception {
    getTimeServiceManager().orElseThrow().advanceWatermark(mark);
    if (mark.getTimestamp() == Watermark.MAX_WATERMARK.getTimestamp()) {
      stays.takeUpTo(Long.MAX_VALUE, this::handOn);
    } else {
      watermark = Math.max(watermark, mark.getTimestamp());
      stays.takeUpTo(EventHour.lastComplete(watermark), this::handOn);
    }
    output.emitWatermark(mark);
  }

  /**
   * Is not passed on: bins follow from all subtasks, and one that is silent for a moment must not
   * be left behind.
   */
  @Override
  public void processWatermarkStatus(WatermarkStatus status) {}

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<HourOfStays> hours = new ArrayList<>();
    stays.forEach((hour, counts) -> hours.add(new HourOfStays(hour, ByteBuffer.wrap(counts))));
    hoursState.update(hours);
    watermarks.update(List.of(watermark));
  }

  /** The bytes in a buffer, which is left as it is. */
  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }

  private void count(long timeMillis, long stayMillis) {
    stays.count(EventHour.of(timeMillis), stayMillis);
    staysCounted.inc();
  }

  private void handOn(long hour, byte[] counts) {
    output.collect(new StreamRecord<>(new HourOfStays(hour, ByteBuffer.wrap(counts))));
  }
}
