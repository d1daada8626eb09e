package io.tagstream.ingestion.flink;

import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.BasicTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;

/**
 * A keyed operator with event-time timers that remembers its watermark over restores: Flink does
 * not, and without it the same record would be late before a failure and timely after it.
 *
 * @param <OUT> type of the main output
 */
abstract class EventTimeOperator<OUT> extends AccountedOperator<OUT>
    implements Triggerable<String, VoidNamespace> {

  private transient ListState<Long> watermarkState;
  private transient long watermark;
  private transient InternalTimerService<VoidNamespace> timers;

  @SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before any record
  EventTimeOperator(boolean first) {
    super(first);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    // Union: with an aligned barrier every subtask has seen the same watermarks, so after a change
    // of parallelism all start from the largest; timers up to it have fired.
    watermarkState =
        context
            .getOperatorStateStore()
            .getUnionListState(
                new ListStateDescriptor<>("watermark", BasicTypeInfo.LONG_TYPE_INFO));
    watermark = Long.MIN_VALUE;
    for (long restored : watermarkState.get()) {
      watermark = Math.max(watermark, restored);
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    watermarkState.clear();
    watermarkState.add(watermark);
  }

  @Override
  public void open() throws Exception {
    super.open();
    timers = getInternalTimerService("deadlines", VoidNamespaceSerializer.INSTANCE, this);
  }

  /**
   * Fires timers, then passes the watermark on, so that what a timer emits is never late
   * downstream. The end of bounded input is no time: it is not remembered, and what it does is up
   * to {@link #inputEnded}.
   */
  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() == Long.MAX_VALUE) {
      inputEnded(mark);
    } else {
      watermark = Math.max(watermark, mark.getTimestamp());
      super.processWatermark(mark);
    }
  }

  /** The end of bounded input; has to pass the mark on. */
  protected void inputEnded(Watermark mark) throws Exception {
    output.emitWatermark(mark); // timers and state stay as they are
  }

  /** Fires all timers that are left, and passes the mark on. */
  protected final void fireAllTimers(Watermark mark) throws Exception {
    super.processWatermark(mark);
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("no processing-time timer is ever registered");
  }

  /** The largest watermark ever seen, restores included. */
  protected final long watermark() {
    return watermark;
  }

  /** Event-time timers of the current key. */
  protected final void registerTimer(long atMillis) {
    timers.registerEventTimeTimer(VoidNamespace.INSTANCE, atMillis);
  }

  /** Takes a timer of the current key back. */
  protected final void deleteTimer(long atMillis) {
    timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, atMillis);
  }
}
