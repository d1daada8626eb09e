package io.tagstream.ingestion.flink;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.ingestion.TagSource;
import io.tagstream.ingestion.join.Engagement;
import io.tagstream.ingestion.join.JoinOutcome;
import io.tagstream.ingestion.join.JoinRules;
import io.tagstream.ingestion.join.LabelFact;
import io.tagstream.ingestion.join.LabelJoin;
import io.tagstream.ingestion.join.Refusal;
import io.tagstream.ingestion.join.UserImpressions;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserFact;
import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Keyed by user: the label join on Flink's state. One get and at most one put for an event, one
 * outstanding timer for a user. At the end of bounded input no window closes: what is open stays
 * open, and is counted so.
 */
final class LabelJoinOperator extends EventTimeOperator<UserFact> {

  private final JoinRules rules;
  private final TagSource tagSource;
  private transient LabelJoin join;
  private transient JoinRecords records;
  private transient DeadLetters deadLetters;
  private transient ValueState<byte[]> packed;
  private transient Counter lateRecords;
  private transient Counter revisions;

  @SuppressWarnings("NullAway.Init") // state is made in open
  LabelJoinOperator(IngestionConfig config) {
    super(false);
    this.rules = JoinRules.of(config);
    this.tagSource = config.tagSource();
  }

  @Override
  public void open() throws Exception {
    super.open();
    join =
        new LabelJoin(
            rules,
            new KeptImpressionState(
                getKeyedStateStore()
                    .getMapState(
                        new MapStateDescriptor<>(
                            "kept-impressions",
                            StringSerializer.INSTANCE,
                            BytePrimitiveArraySerializer.INSTANCE))));
    records = new JoinRecords(rules.tasks(), tagSource);
    deadLetters = new DeadLetters();
    packed =
        getKeyedStateStore()
            .getState(
                new ValueStateDescriptor<>(
                    "open-impressions", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    lateRecords = ingestionMetrics().counter("lateRecords");
    revisions = ingestionMetrics().counter("revisions");
  }

  @Override
  protected void accept(StreamRecord<InputRecord> element) throws Exception {
    InputRecord record = element.getValue();
    Object body = record.getBody();
    if (body instanceof User user) {
      emit(user.getUserId(), user, user.getEventTimeMillis());
      ledger().close(1);
      return;
    }
    byte[] before = packed.value();
    UserImpressions user = UserImpressions.decode(before);
    int openBefore = user.open();
    JoinOutcome outcome;
    if (body instanceof Impression impression) {
      noteLate(impression.getEventTimeMillis());
      outcome = join.show(user, records.shown(impression), watermark());
      if (outcome.opened()) {
        emit(
            impression.getUserId(),
            JoinRecords.opened(impression, outcome.openedLate()),
            impression.getEventTimeMillis());
      }
    } else if (body instanceof UserDeletion deletion) {
      outcome = join.forget(user, deletion.getEventTimeMillis(), watermark());
      ledger().close(1);
    } else {
      Engagement engagement = JoinRecords.engagement(record);
      if (engagement == null) {
        throw InputFields.unexpected(record, "a record of a user");
      }
      noteLate(engagement.timeMillis());
      outcome = join.engage(user, engagement, watermark());
    }
    finish(InputFields.userId(record), record, outcome);
    if (body instanceof UserDeletion deletion) { // what it made known before it goes before it
      emit(deletion.getUserId(), deletion, deletion.getEventTimeMillis());
    }
    store(user, before, openBefore);
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    byte[] before = packed.value();
    UserImpressions user = UserImpressions.decode(before);
    int openBefore = user.open();
    if (user.timerMillis() == timer.getTimestamp()) {
      user.armTimer(0);
    }
    finish(timer.getKey(), null, join.advance(user, watermark()));
    store(user, before, openBefore);
  }

  private void finish(String userId, @Nullable InputRecord record, JoinOutcome outcome) {
    for (LabelFact fact : outcome.labels()) {
      if (fact.revision()) {
        revisions.inc();
      }
      emit(userId, records.labeled(userId, fact), fact.timeMillis());
    }
    for (Refusal refusal : outcome.refusals()) {
      Engagement engagement = refusal.engagement();
      InputRecord refused =
          engagement == null
              ? Objects.requireNonNull(record, "only the record at hand is refused without a copy")
              : JoinRecords.record(userId, engagement);
      refuse(deadLetters.of(refused, JoinRecords.reason(refusal.reason()), refusal.detail()));
    }
    ledger().match(outcome.matched());
    ledger().repeat(outcome.duplicates());
    ledger().close(outcome.closed());
  }

  /** Re-arms the one timer only when it would come too late, and writes only what changed. */
  private void store(UserImpressions user, byte @Nullable [] before, int openBefore)
      throws Exception {
    ledger().openMore(user.open() - openBefore);
    long armed = user.timerMillis();
    long next = join.nextDeadline(user);
    if (armed != 0 && (user.isEmpty() || next < armed)) {
      deleteTimer(armed);
      user.armTimer(0);
    }
    if (user.timerMillis() == 0 && next != LabelJoin.NEVER) {
      registerTimer(next);
      user.armTimer(next);
    }
    byte[] after = user.encode();
    if (after == null) {
      if (before != null) {
        packed.clear();
      }
    } else if (!Arrays.equals(before, after)) {
      packed.update(after);
    }
  }

  private void noteLate(long eventTimeMillis) {
    if (eventTimeMillis <= watermark()) {
      lateRecords.inc();
    }
  }

  private void emit(String userId, Object fact, long eventTimeMillis) {
    output.collect(new StreamRecord<>(new UserFact(userId, fact), eventTimeMillis));
  }
}
