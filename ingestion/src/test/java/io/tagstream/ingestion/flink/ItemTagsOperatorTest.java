package io.tagstream.ingestion.flink;

import static io.tagstream.ingestion.flink.Inputs.at;
import static io.tagstream.ingestion.flink.Inputs.impression;
import static io.tagstream.ingestion.flink.Inputs.item;
import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ItemTagsOperatorTest {

  private ItemTagsOperator operator;
  private KeyedOneInputStreamOperatorTestHarness<String, InputRecord, InputRecord> harness;

  @BeforeEach
  void create() throws Exception {
    operator = new ItemTagsOperator(Duration.ofMinutes(10).toMillis());
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            operator, InputFields::itemId, Types.STRING, 128, 1, 0);
    harness.setup(
        StreamTypes.INPUT.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private void process(InputRecord... records) throws Exception {
    for (InputRecord record : records) {
      harness.processElement(record, InputFields.eventTimeMillis(record));
    }
  }

  private static InputRecord shown(String id, double minutes) {
    return impression("u", id, minutes, null);
  }

  private List<String> output() {
    List<String> output = new ArrayList<>();
    for (Object element : harness.getOutput()) {
      if (element instanceof StreamRecord<?> record) {
        Impression impression = (Impression) ((InputRecord) record.getValue()).getBody();
        output.add(impression.getImpressionId() + impression.getTags());
      } else {
        output.add("w" + (((Watermark) element).getTimestamp() - Inputs.START) / Inputs.MINUTE);
      }
    }
    return output;
  }

  @Test
  void theVersionIsDecidedWhenTheWatermarkPasses() throws Exception {
    harness.open();
    process(item(0, "old"), shown("i", 2), shown("j", 3));
    harness.processWatermark(at(1));
    process(item(2, "new"), item(2.5, "newest"));
    assertThat(operator.ledger().open()).isEqualTo(2);
    assertThat(output()).containsExactly("w1");
    harness.processWatermark(at(2));
    assertThat(output()).containsExactly("w1", "i[new]", "w2");
    harness.processWatermark(at(4));
    assertThat(output()).containsExactly("w1", "i[new]", "w2", "j[newest]", "w4");
    assertThat(harness.numEventTimeTimers()).isZero();
    assertThat(operator.ledger().open()).isZero();
    assertThat(operator.ledger().handedOn()).isEqualTo(2);
    assertThat(operator.ledger().closed()).isEqualTo(3);
    assertThat(operator.ledger().imbalance()).isZero();
  }

  @Test
  void elseTheEarliestKnownElseADeadLetter() throws Exception {
    harness.open();
    process(shown("i", 1));
    harness.processWatermark(at(1));
    process(item(5, "first"), item(6, "second"), shown("j", 2));
    harness.processWatermark(at(2));
    assertThat(output()).containsExactly("w1", "j[first]", "w2");
    List<DeadLetter> letters =
        harness.getSideOutput(StreamTypes.DEAD_LETTERS).stream()
            .map(StreamRecord::getValue)
            .toList();
    assertThat(letters)
        .extracting(DeadLetter::getReason)
        .containsExactly(DeadLetterReason.UNKNOWN_ITEM);
    assertThat(letters.get(0).getDetail()).contains("itemId: item");
    assertThat(operator.ledger().imbalance()).isZero();
  }

  @Test
  void lateImpressionsAreDecidedAtOnceByWhatIsStillKnown() throws Exception {
    harness.open();
    process(item(0, "a"), item(10, "b"));
    harness.processWatermark(at(15));
    process(item(14, "c"), shown("i", 9), shown("j", 12));
    assertThat(output()).containsExactly("w15", "i[a]", "j[b]");
  }

  @Test
  void theImpressionsOwnPrivilegedFeaturesGoFirst() throws Exception {
    harness.open();
    InputRecord shown = shown("i", 1);
    ((Impression) shown.getBody()).setPrivileged(Map.of("store", "own", "slot", "top"));
    process(item(0, "a"), shown);
    harness.processWatermark(at(1));
    Impression tagged =
        (Impression) harness.extractOutputStreamRecords().get(0).getValue().getBody();
    assertThat(tagged.getPrivileged()).isEqualTo(Map.of("store", "own", "slot", "top"));
    assertThat(((Impression) shown.getBody()).getTags()).isNull();
  }

  @Test
  void theEndOfInputDecidesWhatWaits() throws Exception {
    harness.open();
    process(item(0, "a"), shown("i", 30));
    harness.processWatermark(at(1));
    harness.processWatermark(Watermark.MAX_WATERMARK);
    assertThat(output()).startsWith("w1", "i[a]");
    process(shown("straggler", 31));
    assertThat(output()).last().isEqualTo("straggler[a]");
    assertThat(harness.numEventTimeTimers()).isZero();
    assertThat(operator.watermark()).isEqualTo(at(1));
    assertThat(operator.ledger().open()).isZero();
  }

  @Test
  void restoredItGoesOn() throws Exception {
    harness.open();
    process(item(0, "a"), shown("i", 2));
    harness.processWatermark(at(1));
    OperatorSubtaskState state = harness.snapshot(1, 1);
    close();
    create();
    harness.initializeState(state);
    harness.open();
    process(item(1.5, "b"));
    harness.processWatermark(at(2));
    assertThat(output()).containsExactly("i[b]", "w2");
    assertThat(operator.ledger().entered()).isEqualTo(3);
    assertThat(operator.ledger().imbalance()).isZero();
  }

  /** The watermark stays behind every impression that waits, and each gets the naive answer. */
  @Test
  void randomStreamsAgreeWithAScanOverAllVersionsSeen() throws Exception {
    harness.open();
    long seed = 4242;
    Random random = new Random(seed);
    List<Item> seen = new ArrayList<>();
    Map<String, String> expected = new HashMap<>();
    Map<String, Double> waiting = new HashMap<>();
    double now = 0;
    for (int i = 0; i < 3_000; i++) {
      now += random.nextDouble() / 10;
      if (random.nextInt(4) == 0) {
        InputRecord version = item(Math.max(0.1, now + random.nextDouble() * 2 - 1), "t" + i);
        seen.add((Item) version.getBody());
        process(version);
      } else {
        double minutes = now + random.nextDouble();
        waiting.put("i" + i, minutes);
        process(shown("i" + i, minutes));
      }
      double watermark = now - 0.01;
      waiting
          .entrySet()
          .removeIf(
              one -> {
                boolean due = at(one.getValue()) <= at(watermark);
                if (due && !seen.isEmpty()) {
                  expected.put(one.getKey(), naive(seen, at(one.getValue())));
                }
                return due;
              });
      harness.processWatermark(at(watermark));
    }
    Map<String, String> actual = new HashMap<>();
    long passed = Long.MIN_VALUE;
    for (Object element : harness.getOutput()) {
      if (element instanceof Watermark mark) {
        passed = mark.getTimestamp();
      } else if (element instanceof StreamRecord<?> record) {
        Impression impression = (Impression) ((InputRecord) record.getValue()).getBody();
        assertThat(impression.getEventTimeMillis()).as("seed %d", seed).isGreaterThan(passed);
        actual.put(impression.getImpressionId(), impression.getTags().get(0));
      }
    }
    assertThat(actual).as("seed %d", seed).isEqualTo(expected).hasSizeGreaterThan(1_000);
    assertThat(operator.ledger().open()).isEqualTo(waiting.size());
    assertThat(operator.ledger().imbalance()).isZero();
  }

  private static String naive(List<Item> seen, long time) {
    Item best = null;
    for (Item one : seen) {
      boolean fits = one.getEventTimeMillis() <= time;
      boolean bestFits = best != null && best.getEventTimeMillis() <= time;
      if (best == null
          || (fits && (!bestFits || one.getEventTimeMillis() >= best.getEventTimeMillis()))
          || (!fits && !bestFits && one.getEventTimeMillis() < best.getEventTimeMillis())) {
        best = one;
      }
    }
    return best.getTags().get(0);
  }
}
