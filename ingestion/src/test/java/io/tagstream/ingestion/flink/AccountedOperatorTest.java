package io.tagstream.ingestion.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.ingestion.TagSource;
import io.tagstream.schemas.InputRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccountedOperatorTest {

  /** Loses every second record. */
  private static final class Leaky extends AccountedOperator<InputRecord> {
    Leaky() {
      super(true);
    }

    @Override
    protected void accept(StreamRecord<InputRecord> element) {
      if (ledger().entered() % 2 == 1) {
        ledger().handOn();
        output.collect(element);
      }
    }
  }

  private final List<OneInputStreamOperatorTestHarness<InputRecord, InputRecord>> harnesses =
      new ArrayList<>();

  private OneInputStreamOperatorTestHarness<InputRecord, InputRecord> started(
      AccountedOperator<InputRecord> operator, @Nullable OperatorSubtaskState state)
      throws Exception {
    OneInputStreamOperatorTestHarness<InputRecord, InputRecord> harness =
        new OneInputStreamOperatorTestHarness<>(operator);
    harnesses.add(harness);
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  @AfterEach
  void close() throws Exception {
    for (OneInputStreamOperatorTestHarness<InputRecord, InputRecord> harness : harnesses) {
      harness.close();
    }
  }

  @Test
  void aLostRecordRaisesTheAlarmAtCheckpointsAndAtTheEnd() throws Exception {
    Leaky leaky = new Leaky();
    var harness = started(leaky, null);
    harness.processElement(Inputs.click("u", "i", 0), 0);
    harness.snapshot(1, 1);
    harness.notifyOfCompletedCheckpoint(1);
    assertThat(leaky.alarms()).isZero();
    harness.processElement(Inputs.click("u", "i", 0), 0);
    harness.snapshot(2, 2);
    harness.notifyOfCompletedCheckpoint(2);
    assertThat(leaky.alarms()).isEqualTo(1);
    assertThat(leaky.ledger().imbalance()).isEqualTo(1);
    harness.endInput();
    assertThat(leaky.alarms()).isEqualTo(2);
  }

  @Test
  void admissionKeepsItsLedgerOverRestores() throws Exception {
    var first = started(new AdmissionOperator(TagSource.INLINE), null);
    first.processElement(Inputs.click("u", "i", 0), 0);
    first.processElement(Inputs.item(0, "a"), 0);
    OperatorSubtaskState state = first.snapshot(1, 1);
    AdmissionOperator restored = new AdmissionOperator(TagSource.INLINE);
    var harness = started(restored, state);
    harness.processElement(Inputs.impression("u", "i", 0, null), 0);
    assertThat(restored.ledger())
        .hasToString(
            "entered 3 = handed on 2 + matched 0 + duplicate 0 + open 0 + closed 1"
                + " + dead-lettered 0 + missing 0");
    assertThat(harness.extractOutputStreamRecords()).hasSize(1);
  }

  @Test
  void itemsModeSendsItemsAndUntaggedImpressionsToBeJoined() throws Exception {
    AdmissionOperator admission = new AdmissionOperator(TagSource.ITEMS);
    var harness = started(admission, null);
    harness.processElement(Inputs.item(0, "a"), 0);
    harness.processElement(Inputs.impression("u", "i", 0, null), 0);
    harness.processElement(Inputs.impression("u", "j", 0), 0);
    assertThat(harness.getSideOutput(StreamTypes.UNTAGGED)).hasSize(2);
    assertThat(harness.extractOutputStreamRecords()).hasSize(1);
    assertThat(admission.ledger().imbalance()).isZero();
  }
}
