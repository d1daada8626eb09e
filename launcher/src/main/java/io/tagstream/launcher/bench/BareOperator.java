package io.tagstream.launcher.bench;

import io.tagstream.schemas.UserFact;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
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
  private transient double[] owed;

  BareOperator(RecordProfile profile) {
    this.profile = profile;
  }

  @Override
  public void open() throws Exception {
    super.open();
    owed = new double[RecordProfile.KINDS];
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
    owed[kind] += profile.timersPerTouch(kind);
    if (owed[kind] >= 1) {
      owed[kind]--;
      if (timer != NEVER) {
        timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, timer);
      }
      timer = Math.max(0, timers.currentWatermark()) + 1 + profile.aheadMillis(kind);
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, timer);
    }
    byte[] after = new byte[Math.max(HEADER, profile.size(writes + 1))];
    ByteBuffer.wrap(after).putInt(writes + 1).putLong(timer);
    records.update(after);
  }
}
