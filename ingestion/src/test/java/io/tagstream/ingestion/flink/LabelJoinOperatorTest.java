package io.tagstream.ingestion.flink;

import static io.tagstream.ingestion.flink.Inputs.at;
import static io.tagstream.ingestion.flink.Inputs.click;
import static io.tagstream.ingestion.flink.Inputs.conversion;
import static io.tagstream.ingestion.flink.Inputs.deletion;
import static io.tagstream.ingestion.flink.Inputs.impression;
import static io.tagstream.ingestion.flink.Inputs.stay;
import static io.tagstream.ingestion.flink.Inputs.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.ingestion.ConversionSpace;
import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.ingestion.accounting.Ledger;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserFact;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** Window 10 minutes, horizon 60. */
class LabelJoinOperatorTest {

  private static final int MAX_PARALLELISM = 128;
  private static final IngestionConfig CONFIG =
      IngestionConfig.defaults()
          .withLabels(Duration.ofMinutes(10), Duration.ofMinutes(60), ConversionSpace.ALL);

  /** One subtask of the operator, with what it emitted. */
  private static final class Subtask implements AutoCloseable {
    final LabelJoinOperator operator = new LabelJoinOperator(CONFIG);
    final KeyedOneInputStreamOperatorTestHarness<String, InputRecord, UserFact> harness;

    Subtask(int parallelism, int index) throws Exception {
      harness =
          new KeyedOneInputStreamOperatorTestHarness<>(
              operator, InputFields::userId, Types.STRING, MAX_PARALLELISM, parallelism, index);
      harness.setup(
          StreamTypes.FACT.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    }

    static Subtask started() throws Exception {
      Subtask subtask = new Subtask(1, 0);
      subtask.harness.open();
      return subtask;
    }

    Subtask restored(OperatorSubtaskState state) throws Exception {
      harness.initializeState(state);
      harness.open();
      return this;
    }

    void process(InputRecord... records) throws Exception {
      for (InputRecord record : records) {
        harness.processElement(record, InputFields.eventTimeMillis(record));
      }
    }

    void watermark(double minutes) throws Exception {
      harness.processWatermark(at(minutes));
    }

    List<Object> facts() {
      return harness.extractOutputStreamRecords().stream()
          .map(record -> ((UserFact) record.getValue()).getFact())
          .toList();
    }

    List<String> labels() {
      return facts().stream()
          .filter(LabeledImpression.class::isInstance)
          .map(fact -> describe((LabeledImpression) fact))
          .toList();
    }

    List<DeadLetter> deadLetters() {
      var letters = harness.getSideOutput(StreamTypes.DEAD_LETTERS);
      return letters == null ? List.of() : letters.stream().map(StreamRecord::getValue).toList();
    }

    Ledger ledger() {
      return operator.ledger();
    }

    void assertEmpty() {
      assertThat(harness.numEventTimeTimers()).isZero();
      assertThat(harness.numKeyedStateEntries()).isZero();
      assertThat(ledger().open()).isZero();
      assertThat(ledger().imbalance()).isZero();
    }

    @Override
    public void close() {
      try {
        harness.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static String describe(LabeledImpression labeled) {
    return labeled.getImpressionId()
        + " "
        + labeled.getEmission()
        + labeled.getLabels().stream().map(l -> l.getTask() + "=" + l.getValue()).toList()
        + (labeled.getLate() ? " late" : "")
        + (labeled.getRevision() ? " revision" : "");
  }

  @Test
  void windowAndHorizonAndNothingIsLeft() throws Exception {
    try (Subtask subtask = Subtask.started()) {
      subtask.process(impression("u", "i", 0), click("u", "i", 1), impression("u", "j", 2));
      assertThat(subtask.harness.numEventTimeTimers()).isEqualTo(1);
      assertThat(subtask.ledger().open()).isEqualTo(2);
      subtask.watermark(9.99);
      assertThat(subtask.labels()).containsExactly("i CLICK[click=1.0]");
      subtask.watermark(12);
      assertThat(subtask.labels())
          .containsExactly(
              "i CLICK[click=1.0]",
              "i WINDOW_CLOSE[stay=0.0, conversion=0.0]",
              "j WINDOW_CLOSE[click=0.0, stay=0.0, conversion=0.0]");
      assertThat(subtask.harness.numEventTimeTimers()).isEqualTo(1);
      subtask.process(conversion("u", "i", 59));
      assertThat(subtask.labels()).last().isEqualTo("i CORRECTION[conversion=1.0]");
      subtask.watermark(60);
      subtask.process(conversion("u", "i", 61));
      assertThat(subtask.deadLetters())
          .extracting(DeadLetter::getReason)
          .containsExactly(DeadLetterReason.LATE_CONVERSION);
      subtask.watermark(74); // its horizon and a window, and what it shares with its neighbours
      subtask.assertEmpty();
      assertThat(subtask.ledger())
          .hasToString(
              "entered 5 = handed on 0 + matched 2 + duplicate 0 + open 0 + closed 2"
                  + " + dead-lettered 1 + missing 0");
    }
  }

  @Test
  void factsCarryWhatTheyShould() throws Exception {
    try (Subtask subtask = Subtask.started()) {
      subtask.process(
          impression("u", "i", 0), stay("u", "i", 0, 7), user("u", 1), deletion("u", 0));
      assertThat(subtask.facts())
          .hasExactlyElementsOfTypes(
              Opened.class, LabeledImpression.class, User.class, UserDeletion.class);
      Opened opened = (Opened) subtask.facts().get(0);
      assertThat(opened.getTags()).containsExactly("a", "b");
      assertThat(opened.getLate()).isFalse();
      LabeledImpression labeled = (LabeledImpression) subtask.facts().get(1);
      assertThat(labeled.getImpressionTimeMillis()).isEqualTo(at(0));
      assertThat(labeled.getEventTimeMillis()).isEqualTo(at(0));
      assertThat(labeled.getAppendTimeMillis()).isEqualTo(Inputs.START);
      assertThat(subtask.ledger().closed()).isEqualTo(3);
      subtask.watermark(60);
      subtask.assertEmpty();
    }
  }

  @Test
  void theWatermarkPassesOnlyBehindWhatItMadeKnown() throws Exception {
    try (Subtask subtask = Subtask.started()) {
      subtask.process(impression("u", "i", 0));
      subtask.watermark(10);
      List<Object> output = new ArrayList<>(subtask.harness.getOutput());
      assertThat(output).last().isEqualTo(new Watermark(at(10)));
      assertThat(output.get(output.size() - 2)).isInstanceOf(StreamRecord.class);
    }
  }

  @Test
  void theEndOfInputClosesNothing() throws Exception {
    try (Subtask subtask = Subtask.started()) {
      subtask.process(impression("u", "i", 0), click("u", "i", 1), click("u", "later", 1));
      subtask.watermark(1);
      subtask.harness.processWatermark(Watermark.MAX_WATERMARK);
      subtask.harness.endInput();
      assertThat(subtask.labels()).containsExactly("i CLICK[click=1.0]");
      assertThat(subtask.harness.getOutput()).last().isEqualTo(Watermark.MAX_WATERMARK);
      assertThat(subtask.ledger().open()).isEqualTo(2);
      assertThat(subtask.harness.numEventTimeTimers()).isEqualTo(1);
      // A savepoint taken then goes on where the input ended.
      OperatorSubtaskState state = subtask.harness.snapshot(1, 1);
      try (Subtask next = new Subtask(1, 0).restored(state)) {
        assertThat(next.operator.watermark()).isEqualTo(at(1));
        next.process(impression("u", "later", 0.5));
        next.watermark(80);
        assertThat(next.labels())
            .containsExactly(
                "later CLICK[click=1.0]",
                "i WINDOW_CLOSE[stay=0.0, conversion=0.0]",
                "later WINDOW_CLOSE[stay=0.0, conversion=0.0]");
        next.assertEmpty();
      }
    }
  }

  @Test
  void lateIsJudgedByTheRestoredWatermarkToo() throws Exception {
    OperatorSubtaskState state;
    try (Subtask subtask = Subtask.started()) {
      subtask.watermark(5);
      subtask.process(impression("u", "i", 0), click("u", "i", 6), click("u", "i", 4));
      assertThat(((Opened) subtask.facts().get(0)).getLate()).isTrue();
      assertThat(subtask.labels())
          .containsExactly("i CLICK[click=1.0]", "i CLICK[click=1.0] late revision");
      state = subtask.harness.snapshot(1, 1);
    }
    try (Subtask subtask = new Subtask(1, 0).restored(state)) {
      subtask.watermark(1); // the source starts over behind
      subtask.process(stay("u", "i", 4, 1), impression("u", "old", -5.1));
      assertThat(subtask.labels()).containsExactly("i STAY[stay=1.0] late");
      assertThat(subtask.deadLetters())
          .extracting(DeadLetter::getReason)
          .containsExactly(DeadLetterReason.LATE_IMPRESSION);
    }
  }

  @Test
  void deadLettersOfWaitingEngagementsHoldTheCanonicalRecord() throws Exception {
    try (Subtask subtask = Subtask.started()) {
      InputRecord click = click("u", "nobody", 1);
      subtask.process(click);
      subtask.watermark(11);
      DeadLetter letter = subtask.deadLetters().get(0);
      assertThat(letter.getReason()).isEqualTo(DeadLetterReason.UNKNOWN_IMPRESSION);
      assertThat(letter.getTopic()).isEqualTo("topic");
      assertThat(letter.getOffset()).isEqualTo(2);
      assertThat(letter.getKey()).isNull();
      assertThat(new SingleObjectCodec<>(Click.class).decode(letter.getValue().array()))
          .isEqualTo(click.getBody());
      subtask.assertEmpty();
    }
  }

  @Test
  void conflictingContentIsEveryFieldButTheOrderOfMaps() throws Exception {
    try (Subtask subtask = Subtask.started()) {
      subtask.process(
          impression("u", "i", 0),
          impression("u", "i", 0),
          impression("u", "i", 0, List.of("a", "ba")));
      assertThat(subtask.ledger().duplicate()).isEqualTo(1);
      assertThat(subtask.deadLetters())
          .extracting(DeadLetter::getReason)
          .containsExactly(DeadLetterReason.CONFLICTING_CONTENT);
    }
  }

  @Test
  void interruptedEqualsUndisturbed() throws Exception {
    for (long seed = 1; seed <= 6; seed++) {
      List<InputRecord> day = Inputs.day(new Random(seed), 5, 400);
      Random cuts = new Random(-seed);
      List<UserFact> undisturbed = new ArrayList<>();
      List<DeadLetter> undisturbedLetters = new ArrayList<>();
      Ledger ledger = play(day, new Random(0), 0, undisturbed, undisturbedLetters);
      List<UserFact> interrupted = new ArrayList<>();
      List<DeadLetter> interruptedLetters = new ArrayList<>();
      Ledger restored = play(day, cuts, 0.02, interrupted, interruptedLetters);
      // Timers of several users at one time fire in any order.
      assertThat(interrupted).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(undisturbed);
      assertThat(interruptedLetters)
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(undisturbedLetters);
      assertThat(restored).as("seed %d", seed).hasToString(ledger.toString());
      assertThat(ledger.imbalance()).isZero();
      assertThat(ledger.entered()).isEqualTo(day.size());
      assertThat(ledger.deadLettered()).isEqualTo(undisturbedLetters.size());
    }
  }

  /** Plays a day, interrupted and restored after a record with this probability. */
  private static Ledger play(
      List<InputRecord> day,
      Random cuts,
      double rate,
      List<UserFact> facts,
      List<DeadLetter> letters)
      throws Exception {
    Subtask subtask = Subtask.started();
    long newest = 0;
    for (InputRecord record : day) {
      subtask.process(record);
      newest = Math.max(newest, InputFields.eventTimeMillis(record));
      subtask.harness.processWatermark(newest - 5_001);
      if (cuts.nextDouble() < rate) {
        OperatorSubtaskState state = subtask.harness.snapshot(1, 1);
        subtask.harness.notifyOfCompletedCheckpoint(1);
        collect(subtask, facts, letters);
        subtask.close();
        subtask = new Subtask(1, 0).restored(state);
      }
    }
    subtask.watermark(1000);
    subtask.assertEmpty();
    collect(subtask, facts, letters);
    Ledger ledger = subtask.ledger();
    subtask.close();
    return ledger;
  }

  private static void collect(Subtask subtask, List<UserFact> facts, List<DeadLetter> letters) {
    subtask.harness.extractOutputStreamRecords().forEach(r -> facts.add((UserFact) r.getValue()));
    letters.addAll(subtask.deadLetters());
  }

  @Test
  void rescaledItGoesOnAndTheBalanceHoldsInSum() throws Exception {
    List<InputRecord> day = Inputs.day(new Random(99), 40, 400);
    List<UserFact> facts = new ArrayList<>();
    List<DeadLetter> letters = new ArrayList<>();
    play(day, new Random(0), 0, facts, letters);
    List<UserFact> rescaledFacts = new ArrayList<>();
    List<DeadLetter> rescaledLetters = new ArrayList<>();
    OperatorSubtaskState state;
    long newest = 0;
    int half = day.size() / 2;
    try (Subtask one = Subtask.started()) {
      for (InputRecord record : day.subList(0, half)) {
        one.process(record);
        newest = Math.max(newest, InputFields.eventTimeMillis(record));
        one.harness.processWatermark(newest - 5_001);
      }
      state = one.harness.snapshot(1, 1);
      collect(one, rescaledFacts, rescaledLetters);
    }
    Ledger sum = new Ledger();
    for (int index = 0; index < 2; index++) {
      OperatorSubtaskState part =
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              state, MAX_PARALLELISM, 1, 2, index);
      try (Subtask two = new Subtask(2, index).restored(part)) {
        long seen = newest;
        for (InputRecord record : day.subList(half, day.size())) {
          if (KeyGroupRangeAssignment.assignKeyToParallelOperator(
                  InputFields.userId(record), MAX_PARALLELISM, 2)
              == index) {
            two.process(record);
          }
          seen = Math.max(seen, InputFields.eventTimeMillis(record));
          two.harness.processWatermark(seen - 5_001);
        }
        two.watermark(1000);
        assertThat(two.harness.numEventTimeTimers()).isZero();
        assertThat(two.harness.numKeyedStateEntries()).isZero();
        assertThat(two.ledger().imbalance()).isZero();
        sum.merge(two.ledger());
        collect(two, rescaledFacts, rescaledLetters);
      }
    }
    assertThat(rescaledFacts).containsExactlyInAnyOrderElementsOf(facts);
    assertThat(rescaledLetters).containsExactlyInAnyOrderElementsOf(letters);
    assertThat(sum.open()).isZero();
    assertThat(sum.entered()).isEqualTo(day.size());
  }

  @Test
  void rocksDbHoldsTheSameStateAsTheHeap() throws Exception {
    List<InputRecord> day = Inputs.day(new Random(5), 5, 200);
    List<UserFact> facts = new ArrayList<>();
    play(day, new Random(0), 0, facts, new ArrayList<>());
    Subtask subtask = new Subtask(1, 0);
    subtask.harness.setStateBackend(new EmbeddedRocksDBStateBackend());
    subtask.harness.open();
    long newest = 0;
    for (InputRecord record : day) {
      subtask.process(record);
      newest = Math.max(newest, InputFields.eventTimeMillis(record));
      subtask.harness.processWatermark(newest - 5_001);
    }
    subtask.watermark(1000);
    List<UserFact> onRocksDb = new ArrayList<>();
    collect(subtask, onRocksDb, new ArrayList<>());
    assertThat(onRocksDb).containsExactlyInAnyOrderElementsOf(facts);
    subtask.close();
  }
}
