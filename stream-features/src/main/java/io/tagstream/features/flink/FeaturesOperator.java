package io.tagstream.features.flink;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.record.UserRecord;
import io.tagstream.features.stay.StayBins;
import io.tagstream.features.transition.FeatureOutput;
import io.tagstream.features.transition.FeatureTransition;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserExpiry;
import io.tagstream.schemas.UserFact;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * One get, one put and at most one move of a timer per event; {@link FeatureTransition} does the
 * rest. Impressions that wait for corrections lie in a state of their own, each touched when its
 * window closes, when a correction comes, and a few times on the way to its end.
 *
 * <p>The operator keeps its watermark in its state: lateness after a restore is judged as if
 * nothing had happened. The watermark that ends the input is none of time: it drains what is known,
 * and lets nothing expire.
 *
 * <p>Which inputs there are depends on where the bins of stays come from; that is all the
 * subclasses differ in.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else
abstract class FeaturesOperator extends AbstractStreamOperator<LearnerInput>
    implements Triggerable<String, VoidNamespace>, FeatureOutput {

  private static final String RECORD_STATE = "user-record";
  private static final String KEPT_STATE = "kept-impressions";
  private static final String WATERMARK_STATE = "watermark";
  private static final String SNAPSHOTS_STATE = "open-snapshots";
  private static final String TIMERS = "user-timers";

  private final FeaturesConfig settings;

  private transient FeatureTransition transition;
  private transient ValueState<byte[]> records;
  private transient ListState<Long> watermarks;
  private transient ListState<Long> snapshotCounts;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient StreamRecord<LearnerInput> outRecord;

  private transient Counter lateFacts;
  private transient Counter unmatchedLabels;
  private transient Counter samples;
  private transient Counter scoreRequests;
  private transient Counter usersExpired;

  private transient long watermark;

  private transient boolean inputEnded;
  private transient long openSnapshots;
  private transient long largestRecord;
  private transient String currentUser;

  FeaturesOperator(FeaturesConfig settings) {
    this.settings = settings;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    // Union: after rescaling a subtask cannot know whose users it has; the smallest is safe.
    watermarks =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>(WATERMARK_STATE, LongSerializer.INSTANCE));
    snapshotCounts =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>(SNAPSHOTS_STATE, LongSerializer.INSTANCE));
    watermark = Long.MIN_VALUE;
    openSnapshots = 0;
    if (context.isRestored()) {
      long smallest = Long.MAX_VALUE;
      for (long restored : watermarks.get()) {
        smallest = Math.min(smallest, restored);
      }
      watermark = smallest == Long.MAX_VALUE ? Long.MIN_VALUE : smallest;
      for (long restored : snapshotCounts.get()) {
        openSnapshots += restored;
      }
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    transition =
        new FeatureTransition(
            settings,
            stayBins(),
            new KeptImpressionState(
                getRuntimeContext()
                    .getMapState(
                        new MapStateDescriptor<>(
                            KEPT_STATE,
                            LongSerializer.INSTANCE,
                            BytePrimitiveArraySerializer.INSTANCE))));
    outRecord = new StreamRecord<>(new LearnerInput());
    records =
        getRuntimeContext()
            .getState(
                new ValueStateDescriptor<>(
                    RECORD_STATE, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    timers = getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this);
    MetricGroup group = getMetricGroup().addGroup("tagstream").addGroup("features");
    lateFacts = group.counter("lateFacts");
    unmatchedLabels = group.counter("unmatchedLabels");
    samples = group.counter("samples");
    scoreRequests = group.counter("scoreRequests");
    usersExpired = group.counter("usersExpired");
    group.gauge("openSnapshots", () -> openSnapshots);
    group.gauge("largestRecordBytes", () -> largestRecord);
  }

  /** Which bins hold for a stay; asked once, after the state was restored. */
  abstract StayBins stayBins();

  /** The settings. */
  final FeaturesConfig settings() {
    return settings;
  }

  /** The largest watermark before the end of the input, over restores. */
  final long watermark() {
    return watermark;
  }

  final void apply(UserFact fact) throws Exception {
    currentUser = fact.getUserId();
    update(transition.apply(records.value(), fact, watermark, this));
    if (fact.getFact() instanceof UserDeletion deletion) {
      emit(deletion);
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    currentUser = timer.getKey();
    byte[] before = records.value();
    byte[] after =
        transition.wake(currentUser, before, timer.getTimestamp(), watermark, inputEnded, this);
    update(after);
    if (before != null && after == null) {
      usersExpired.inc();
      emit(new UserExpiry(currentUser, watermark));
    }
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("the feature stage sets no timers of processing time");
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() == Watermark.MAX_WATERMARK.getTimestamp()) {
      inputEnded = true;
    } else {
      watermark = Math.max(watermark, mark.getTimestamp());
    }
    super.processWatermark(mark); // wakes the users whose timers are due, then passes it on
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    watermarks.update(List.of(watermark));
    snapshotCounts.update(List.of(openSnapshots));
  }

  private void update(byte @Nullable [] bytes) throws Exception {
    if (bytes == null) {
      records.clear();
    } else {
      largestRecord = Math.max(largestRecord, bytes.length);
      records.update(bytes);
    }
  }

  private void emit(Object body) {
    // A new LearnerInput each time: whoever is chained behind may keep it.
    output.collect(outRecord.replace(new LearnerInput(currentUser, body)));
  }

  @Override
  public void sample(TrainingSample sample) {
    samples.inc();
    emit(sample);
  }

  @Override
  public void scoreRequest(ScoreRequest request) {
    scoreRequests.inc();
    emit(request);
  }

  @Override
  public void moveTimer(long timeMillis, long replacedMillis) {
    if (replacedMillis != UserRecord.NEVER) {
      timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, replacedMillis);
    }
    if (timeMillis != UserRecord.NEVER) {
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, timeMillis);
    }
  }

  long lateFactCount() {
    return lateFacts.getCount();
  }

  long unmatchedLabelCount() {
    return unmatchedLabels.getCount();
  }

  @Override
  public void lateFact() {
    lateFacts.inc();
  }

  @Override
  public void unmatchedLabels() {
    unmatchedLabels.inc();
  }

  @Override
  public void openSnapshots(int change) {
    openSnapshots += change;
  }
}
