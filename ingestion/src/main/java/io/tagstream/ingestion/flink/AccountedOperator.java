package io.tagstream.ingestion.flink;

import io.tagstream.ingestion.accounting.Ledger;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.InputRecord;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An operator that accounts for every record that enters it, and sends the refused ones to the
 * dead-letter side output. The ledger is operator state; that it balances is checked at every
 * completed checkpoint and at the end of input.
 *
 * @param <OUT> type of the main output
 */
abstract class AccountedOperator<OUT> extends AbstractStreamOperator<OUT>
    implements OneInputStreamOperator<InputRecord, OUT>, BoundedOneInput {

  private static final Logger LOGGER = LoggerFactory.getLogger(AccountedOperator.class);

  /** Metric group of the counts; one gauge each, summed over subtasks and operators. */
  static final String ACCOUNTING = "accounting";

  private final boolean first;
  private transient Ledger ledger;
  private transient ListState<byte[]> ledgerState;
  private transient Map<DeadLetterReason, Counter> refusedByReason;
  private transient Counter alarms;

  /**
   * An operator of ingestion.
   *
   * @param first whether what enters this one is what ingestion accepted
   */
  @SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before any record
  AccountedOperator(boolean first) {
    this.first = first;
  }

  /** Takes one record; it has been counted as entered and must get into exactly one class. */
  protected abstract void accept(StreamRecord<InputRecord> element) throws Exception;

  @Override
  public final void processElement(StreamRecord<InputRecord> element) throws Exception {
    ledger.enter();
    accept(element);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    ledger = new Ledger();
    ledgerState =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "accounting", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    for (byte[] bytes : ledgerState.get()) {
      ledger.merge(Ledger.decode(bytes));
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    ledgerState.update(List.of(ledger.encode()));
  }

  @Override
  public void open() throws Exception {
    super.open();
    refusedByReason = new EnumMap<>(DeadLetterReason.class);
    MetricGroup accounting = ingestionMetrics().addGroup(ACCOUNTING);
    if (first) {
      gauge(accounting, "accepted", () -> ledger.entered());
    }
    gauge(accounting, "matched", () -> ledger.matched());
    gauge(accounting, "duplicate", () -> ledger.duplicate());
    gauge(accounting, "open", () -> ledger.open());
    gauge(accounting, "closed", () -> ledger.closed());
    gauge(accounting, "deadLettered", () -> ledger.deadLettered());
    gauge(accounting, "imbalance", () -> ledger.imbalance());
    alarms = accounting.counter("alarms");
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    checkBalance("checkpoint " + checkpointId);
  }

  @Override
  public void endInput() throws Exception {
    checkBalance("the end of input");
    LOGGER.info("{}: {}", getOperatorName(), ledger);
  }

  /** Where the records went. */
  protected final Ledger ledger() {
    return ledger;
  }

  /** How often the ledger did not balance when it was checked. */
  final long alarms() {
    return alarms.getCount();
  }

  /** The group {@code tagstream.ingestion}. */
  protected final MetricGroup ingestionMetrics() {
    return getRuntimeContext().getMetricGroup().addGroup("tagstream").addGroup("ingestion");
  }

  /** Sends a dead letter, and counts one record as refused. */
  protected final void refuse(DeadLetter letter) {
    ledger.refuse(1);
    refusedByReason
        .computeIfAbsent(
            letter.getReason(),
            reason -> ingestionMetrics().addGroup("deadLetters").counter(reason.name()))
        .inc();
    output.collect(
        StreamTypes.DEAD_LETTERS, new StreamRecord<>(letter, letter.getAppendTimeMillis()));
  }

  private void checkBalance(String when) {
    if (ledger.imbalance() != 0) {
      alarms.inc();
      LOGGER.error(
          "{}: {} at {} - every record must be in exactly one class; this is a fault of ingestion:"
              + " keep the log and the checkpoint, and report it",
          getOperatorName(),
          ledger,
          when);
    }
  }

  private static void gauge(MetricGroup group, String name, Gauge<Long> value) {
    group.gauge(name, value);
  }
}
