package io.tagstream.features.flink;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.schemas.HourOfStays;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.StayBinEdges;
import io.tagstream.schemas.UserFact;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/**
 * The stage with counted stays, of several subtasks, wired by hand: each channel keeps its order,
 * and which one is read next is chance.
 */
@SuppressWarnings("try") // as Flink's harness, which declares close() throws Exception
final class CountedStage implements AutoCloseable {

  private static final int MAX_PARALLELISM = 16;

  /** What an aligned barrier finds in each operator. */
  record Savepoint(
      OperatorSubtaskState counts,
      OperatorSubtaskState bins,
      OperatorSubtaskState features,
      int subtasks) {}

  /** Something that one channel delivers. */
  @FunctionalInterface
  private interface Delivery {
    void run() throws Exception;
  }

  private final int subtasks;
  private final SplittableRandom random;
  private final Consumer<LearnerInput> out;
  private final List<KeyedOneInputStreamOperatorTestHarness<String, UserFact, HourOfStays>> counts =
      new ArrayList<>();
  private final OneInputStreamOperatorTestHarness<HourOfStays, StayBinEdges> bins;
  private final List<
          KeyedTwoInputStreamOperatorTestHarness<String, UserFact, StayBinEdges, LearnerInput>>
      features = new ArrayList<>();

  /** From counting to merging, facts to features, edges to features; one of each per subtask. */
  private final List<Deque<Delivery>> channels = new ArrayList<>();

  private final long[] countWatermarks;
  private long binWatermark = Long.MIN_VALUE;

  CountedStage(
      FeaturesConfig config,
      int subtasks,
      long seed,
      Savepoint restored,
      Consumer<LearnerInput> out)
      throws Exception {
    this.subtasks = subtasks;
    this.random = new SplittableRandom(seed);
    this.out = out;
    this.countWatermarks = new long[subtasks];
    Arrays.fill(countWatermarks, Long.MIN_VALUE);
    for (int subtask = 0; subtask < subtasks; subtask++) {
      counts.add(
          new KeyedOneInputStreamOperatorTestHarness<>(
              new StayCountOperator(),
              UserFact::getUserId,
              Types.STRING,
              MAX_PARALLELISM,
              subtasks,
              subtask));
      features.add(
          new KeyedTwoInputStreamOperatorTestHarness<>(
              new CountedFeaturesOperator(config),
              UserFact::getUserId,
              null,
              Types.STRING,
              MAX_PARALLELISM,
              subtasks,
              subtask));
      start(
          counts.get(subtask), restored == null ? null : share(restored.counts, restored, subtask));
      start(
          features.get(subtask),
          restored == null ? null : share(restored.features, restored, subtask));
    }
    bins =
        new OneInputStreamOperatorTestHarness<>(
            new StayBinOperator(config.labels().stays()), 1, 1, 0);
    start(bins, restored == null ? null : restored.bins);
    for (int channel = 0; channel < 3 * subtasks; channel++) {
      channels.add(new ArrayDeque<>());
    }
  }

  /** A fact comes from ingestion. */
  void put(UserFact fact) throws Exception {
    int subtask =
        KeyGroupRangeAssignment.assignKeyToParallelOperator(
            fact.getUserId(), MAX_PARALLELISM, subtasks);
    counts.get(subtask).processElement(fact, 0);
    facts(subtask).add(() -> features.get(subtask).processElement1(fact, 0));
    deliverSome();
  }

  /** Ingestion's watermark reaches a subtask, sooner or later than the others. */
  void advanceTo(long watermark) throws Exception {
    for (int each = 0; each < subtasks; each++) {
      int subtask = each;
      Watermark mark = new Watermark(watermark);
      counts.get(subtask).processWatermark(mark);
      facts(subtask).add(() -> features.get(subtask).processWatermark1(mark));
      for (Object told : counts.get(subtask).getOutput()) {
        channels.get(subtask).add(() -> merge(subtask, told));
      }
      counts.get(subtask).getOutput().clear();
      deliverSome();
    }
  }

  /** Everything under way arrives. */
  void deliverAll() throws Exception {
    while (deliverOne()) {
      // the next one
    }
  }

  /** Everything before an aligned barrier has arrived when it does. */
  Savepoint savepoint() throws Exception {
    deliverAll();
    List<OperatorSubtaskState> countStates = new ArrayList<>();
    List<OperatorSubtaskState> featureStates = new ArrayList<>();
    for (int subtask = 0; subtask < subtasks; subtask++) {
      countStates.add(counts.get(subtask).snapshot(1, 1));
      featureStates.add(features.get(subtask).snapshot(1, 1));
    }
    return new Savepoint(
        AbstractStreamOperatorTestHarness.repackageState(
            countStates.toArray(OperatorSubtaskState[]::new)),
        bins.snapshot(1, 1),
        AbstractStreamOperatorTestHarness.repackageState(
            featureStates.toArray(OperatorSubtaskState[]::new)),
        subtasks);
  }

  /** Stays that wait to be counted, over all subtasks. */
  int waitingStays() {
    return counts.stream()
        .mapToInt(each -> each.numKeyedStateEntries() + each.numEventTimeTimers())
        .sum();
  }

  @Override
  public void close() throws Exception {
    for (int subtask = 0; subtask < subtasks; subtask++) {
      counts.get(subtask).close();
      features.get(subtask).close();
    }
    bins.close();
  }

  private void deliverSome() throws Exception {
    while (random.nextInt(8) > 0 && deliverOne()) {
      // some more
    }
  }

  private boolean deliverOne() throws Exception {
    List<Deque<Delivery>> waiting = channels.stream().filter(each -> !each.isEmpty()).toList();
    if (waiting.isEmpty()) {
      return false;
    }
    waiting.get(random.nextInt(waiting.size())).remove().run();
    for (var each : features) {
      each.extractOutputValues().forEach(out);
      each.getOutput().clear();
    }
    return true;
  }

  @SuppressWarnings("unchecked") // the operator's records are of one type
  private void merge(int from, Object told) throws Exception {
    if (told instanceof Watermark mark) {
      countWatermarks[from] = mark.getTimestamp();
      long slowest = Arrays.stream(countWatermarks).min().orElseThrow();
      if (slowest > binWatermark) {
        binWatermark = slowest;
        bins.processWatermark(slowest);
      }
    } else {
      bins.processElement((StreamRecord<HourOfStays>) told);
    }
    for (Object edges : bins.getOutput()) {
      for (int each = 0; each < subtasks; each++) {
        int subtask = each;
        channels.get(2 * subtasks + subtask).add(() -> deliverEdges(subtask, edges));
      }
    }
    bins.getOutput().clear();
  }

  @SuppressWarnings("unchecked") // the operator's records are of one type
  private void deliverEdges(int subtask, Object edges) throws Exception {
    if (edges instanceof Watermark mark) {
      features.get(subtask).processWatermark2(mark);
    } else {
      features.get(subtask).processElement2((StreamRecord<StayBinEdges>) edges);
    }
  }

  private Deque<Delivery> facts(int subtask) {
    return channels.get(subtasks + subtask);
  }

  private OperatorSubtaskState share(OperatorSubtaskState state, Savepoint restored, int subtask) {
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        state, MAX_PARALLELISM, restored.subtasks, subtasks, subtask);
  }

  private static void start(
      AbstractStreamOperatorTestHarness<?> harness, OperatorSubtaskState restored)
      throws Exception {
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup();
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }
}
