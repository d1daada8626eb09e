package io.tagstream.launcher.bench;

import io.tagstream.schemas.UserFact;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * What no feature stage can do without: a get and a put per touch, of records as large as the real
 * ones, and as many timers, set as far ahead. Computes nothing, emits nothing.
 *
 * <p>Record: int writes so far, long time of its timer, zeros.
 */
@SuppressWarnings("NullAway.Init") // Flink calls open before anything else
final class BareOperator extends AbstractStreamOperator<UserFact>
    implements OneInputStreamOperator<UserFact, UserFact>, Triggerable<String, VoidNamespace> {

  private static final long serialVersionUID = 1L;

  private static final int HEADER = Integer.BYTES + Long.BYTES;
  private static final long NEVER = Long.MAX_VALUE;

  private final RecordProfile profile;

  private transient ValueState<byte[]> records;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient MapState<Long, byte[]> kept;
  private transient long keptSoFar;
  private transient Owed timersOwed;
  private transient Owed keepsOwed;
  private transient Owed takesBackOwed;

  /** Turns a rate per touch into whole deeds, as evenly as can be. */
  private static final class Owed {
    private final double[] rates = new double[RecordProfile.KINDS];
    private final double[] owed = new double[RecordProfile.KINDS];

    Owed(IntToDoubleFunction rate) {
      Arrays.setAll(rates, rate);
    }

    boolean due(int kind) {
      owed[kind] += rates[kind];
      boolean due = owed[kind] >= 1;
      owed[kind] -= due ? 1 : 0;
      return due;
    }
  }

  BareOperator(RecordProfile profile) {
    this.profile = profile;
  }

  @Override
  public void open() throws Exception {
    super.open();
    timersOwed = new Owed(profile::timersPerTouch);
    keepsOwed = new Owed(profile::keepsPerTouch);
    takesBackOwed = new Owed(profile::takesBackPerTouch);
    kept =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "kept-impressions",
                    LongSerializer.INSTANCE,
                    BytePrimitiveArraySerializer.INSTANCE));
    records =
        getRuntimeContext()
            .getState(
                new ValueStateDescriptor<>(
                    "user-record", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    timers = getInternalTimerService("user-timers", VoidNamespaceSerializer.INSTANCE, this);
  }

  @Override
  public void processElement(StreamRecord<UserFact> element) throws Exception {
    touch(RecordProfile.kind(element.getValue()), NEVER);
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    touch(RecordProfile.WAKE, timer.getTimestamp());
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("no timers of processing time are set");
  }

  private void touch(int kind, long fired) throws Exception {
    byte @Nullable [] before = records.value();
    int writes = 0;
    long timer = NEVER;
    if (before != null) {
      ByteBuffer header = ByteBuffer.wrap(before);
      writes = header.getInt();
      timer = header.getLong();
    }
    timer = timer == fired ? NEVER : timer;
    if (timersOwed.due(kind)) {
      if (timer != NEVER) {
        timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, timer);
      }
      timer = Math.max(0, timers.currentWatermark()) + 1 + profile.aheadMillis(kind);
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, timer);
    }
    if (takesBackOwed.due(kind)) {
      kept.get(keptSoFar);
    }
    if (keepsOwed.due(kind)) {
      kept.put(++keptSoFar, new byte[profile.keptBytes()]);
    }
    byte[] after = new byte[Math.max(HEADER, profile.size(writes + 1))];
    ByteBuffer.wrap(after).putInt(writes + 1).putLong(timer);
    records.update(after);
  }
}
