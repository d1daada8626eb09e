package io.tagstream.learner.training;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.scoring.ProfileScorer;
import io.tagstream.schemas.Task;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Training and scoring throughput. Run {@code main} with {@code [table rows] [seconds] [batch]
 * [stage: on|off]}; 26 single-valued fields, 5 experts, 2 tasks, rows of 16.
 */
public final class EngineBenchmark {

  private static final int FIELDS = 26;
  private static final int TAGS = 1780;

  private EngineBenchmark() {}

  public static void main(String[] args) {
    int rows = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
    int size = args.length > 2 ? Integer.parseInt(args[2]) : 1024;
    boolean stage = args.length > 3 && args[3].equals("on");
    train(rows, seconds, size, stage);
    score(seconds, 3);
  }

  private static LearnerConfig config(int tasks, boolean stage) {
    List<Task> list =
        tasks == 2
            ? List.of(Task.click("click"), Task.conversion("conversion", Set.of("buy")))
            : Task.defaults(Set.of("buy"));
    LearnerConfig base = LearnerConfig.defaults(list, FIELDS);
    LearnerConfig.Stage s = LearnerConfig.Stage.defaults();
    return base.withStage(
            stage
                ? s
                : new LearnerConfig.Stage(
                    LearnerConfig.Gamma.OFF, s.normalise(), s.order(), s.halfLife()))
        .withModel(new LearnerConfig.Model("mvke", 64, List.of(64), Map.of(), false, true));
  }

  private static void train(int rows, int seconds, int size, boolean stage) {
    LearnerConfig config = config(2, stage);
    try (Trainer trainer = new Trainer(config)) {
      List<MicroBatch> batches = new ArrayList<>();
      SplittableRandom random = new SplittableRandom(7);
      for (int b = 0; b < 64; b++) {
        batches.add(batch(config, size, rows / FIELDS, random));
      }
      fill(trainer, config, rows);
      long warm = System.nanoTime() + Duration.ofSeconds(4).toNanos();
      int n = 0;
      while (System.nanoTime() < warm) {
        trainer.step(batches.get(n++ % batches.size()), StageWeights.ONES);
      }
      long from = System.nanoTime();
      long cpu = cpuNanos();
      long end = from + Duration.ofSeconds(seconds).toNanos();
      int steps = 0;
      LongArrayList times = new LongArrayList();
      while (System.nanoTime() < end) {
        long begin = System.nanoTime();
        trainer.step(batches.get(n++ % batches.size()), StageWeights.ONES);
        times.add(System.nanoTime() - begin);
        steps++;
      }
      double elapsed = (System.nanoTime() - from) / 1e9;
      System.out.printf(
          "train: rows %d, batch %d, stage %s: %.0f samples/s, %.1f ms/step; %.0f samples per second"
              + " of processor time; step p5 %.1f ms, p50 %.1f ms%n",
          trainer.embeddingRows(),
          size,
          stage,
          steps * size / elapsed,
          elapsed * 1e3 / steps,
          steps * size / ((cpuNanos() - cpu) / 1e9),
          quantile(times, 0.05) / 1e6,
          quantile(times, 0.5) / 1e6);
    }
  }

  /** Grows the table before measuring, without training on every row. */
  private static void fill(Trainer trainer, LearnerConfig config, int rows) {
    int perField = rows / FIELDS;
    int[] lengths = new int[FIELDS];
    for (int from = 0; from < perField; from += 20_000) {
      MicroBatch.Builder builder = MicroBatch.builder(FIELDS, config.tasks().size());
      int count = Math.min(20_000, perField - from);
      java.util.Arrays.fill(lengths, count);
      long[] ids = new long[count * FIELDS];
      for (int f = 0; f < FIELDS; f++) {
        for (int v = 0; v < count; v++) {
          ids[f * count + v] = id(f, from + v);
        }
      }
      int k = config.tasks().size();
      builder.addImpression(
          1_700_000_000_000L,
          true,
          lengths,
          ids,
          new float[k],
          new boolean[k],
          new float[k],
          new boolean[k],
          new float[k]);
      trainer.step(builder.build(), StageWeights.ONES);
    }
  }

  private static double quantile(LongArrayList times, double q) {
    long[] sorted = times.toLongArray();
    java.util.Arrays.sort(sorted);
    return sorted[(int) (q * (sorted.length - 1))];
  }

  /** Time the calling thread ran: fair on a machine that others share. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long id(int field, int value) {
    return (field * 0x9e3779b97f4a7c15L) ^ (value * 0xbf58476d1ce4e5b9L);
  }

  static MicroBatch batch(LearnerConfig config, int size, int perField, SplittableRandom random) {
    int tasks = config.tasks().size();
    MicroBatch.Builder builder = MicroBatch.builder(FIELDS, tasks);
    int[] lengths = new int[FIELDS];
    java.util.Arrays.fill(lengths, 1);
    for (int i = 0; i < size; i++) {
      long[] ids = new long[FIELDS];
      for (int f = 0; f < FIELDS; f++) {
        ids[f] = id(f, random.nextInt(perField));
      }
      float[] labels = new float[tasks];
      boolean[] known = new boolean[tasks];
      float[] ones = new float[tasks];
      for (int k = 0; k < tasks; k++) {
        labels[k] = random.nextInt(5) == 0 ? 1 : 0;
        known[k] = true;
        ones[k] = 1;
      }
      builder.addImpression(
          1_700_000_000_000L + i, true, lengths, ids, labels, known, labels, known, ones);
      builder.addTag("tag-" + random.nextInt(TAGS), 1f);
    }
    return builder.build();
  }

  private static void score(int seconds, int tasks) {
    LearnerConfig config = config(tasks, false);
    try (Trainer trainer = new Trainer(config)) {
      SplittableRandom random = new SplittableRandom(8);
      for (int n = 0; n < 20; n++) {
        trainer.step(batch(config, 1024, 1000, random), StageWeights.ONES);
      }
      MicroBatch users = batch(config, 1024, 1000, random);
      ProfileScorer scorer = trainer.scorer();
      long warm = System.nanoTime() + Duration.ofSeconds(3).toNanos();
      while (System.nanoTime() < warm) {
        scorer.score(1024, users.fieldOffsets(), users.fieldIds());
      }
      long from = System.nanoTime();
      long cpu = cpuNanos();
      long end = from + Duration.ofSeconds(seconds).toNanos();
      long scored = 0;
      LongArrayList times = new LongArrayList();
      while (System.nanoTime() < end) {
        long begin = System.nanoTime();
        scorer.score(1024, users.fieldOffsets(), users.fieldIds());
        times.add(System.nanoTime() - begin);
        scored += 1024;
      }
      double elapsed = (System.nanoTime() - from) / 1e9;
      System.out.printf(
          "score: %d tags, %d tasks: %.0f users/s; %.0f users per second of processor time;"
              + " users/s of the fastest twentieth %.0f%n",
          trainer.vocabulary().size(),
          tasks,
          scored / elapsed,
          scored / ((cpuNanos() - cpu) / 1e9),
          1024e9 / quantile(times, 0.05));
    }
  }
}
