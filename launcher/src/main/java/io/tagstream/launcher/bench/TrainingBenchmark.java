package io.tagstream.launcher.bench;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.assembly.BatchLearner;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.stage.UserRecord;
import io.tagstream.learner.training.StageWeights;
import io.tagstream.learner.training.StepReport;
import io.tagstream.learner.training.Trainer;
import io.tagstream.schemas.TrainingSample;
import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Training of one thread: from samples to applied steps with validation, and how a step's time
 * depends on the size of the table.
 */
final class TrainingBenchmark implements Benchmark {

  private static final int ROWS = 1_000_000;
  private static final int SMALL = 10_000;
  private static final int LARGE = 10_000_000;
  private static final int BATCHES = 48;
  private static final int BLOCK = 8;
  private static final long BYTES_PER_ROW = 115;
  private static final long BESIDE = 400L << 20;
  private static final Duration WARM_UP = Duration.ofSeconds(6);
  private static final Duration MEASURED = Duration.ofSeconds(20);

  @Override
  public String name() {
    return "training";
  }

  @Override
  public String summary() {
    return "MVKE training, 26 fields, 1M rows, batch 1,024: at least 20k samples/s per thread;"
        + " a step with 10M rows takes at most 1.1 times one with 10k";
  }

  @Override
  public Outcome measure(BenchRun run) {
    int large = run.count(LARGE, 2_000);
    Heap.require(large * BYTES_PER_ROW + BESIDE, large + " embedding rows");
    LearnerConfig config = LearnerWorkload.plainMvke(2, run.seed());
    Map<String, Object> figures = new LinkedHashMap<>();
    double samplesPerSecond = throughput(config, run, figures);
    double ratio = tableSizes(config, run, figures);
    return new Outcome(
        List.of(
            Target.atLeast("samplesPerSecond", samplesPerSecond, 20_000),
            Target.atMost("stepRatio", ratio, 1.1)),
        figures,
        configuration(config, run));
  }

  private static double throughput(
      LearnerConfig config, BenchRun run, Map<String, Object> figures) {
    LearnerWorkload workload = new LearnerWorkload(config, run.count(ROWS, 1_000), run.seed());
    try (BatchLearner learner = new BatchLearner(config)) {
      run.progress().accept("filling a table of " + workload.rows() + " rows ...");
      workload.fill(learner.trainer());
      List<MicroBatch> batches = workload.batches(BATCHES, LearnerWorkload.BATCH);
      List<List<TrainingSample>> samples = workload.samples(BATCHES, LearnerWorkload.BATCH);
      Map<String, UserRecord> users = new HashMap<>();
      int tasks = config.tasks().size();
      Rounds.Work whole =
          n ->
              applied(
                  learner.learn(
                      samples.get(n % BATCHES),
                      user -> users.computeIfAbsent(user, id -> new UserRecord(tasks))));
      Rounds.Work steps =
          n -> applied(learner.trainer().step(batches.get(n % BATCHES), StageWeights.ONES));
      run.progress().accept("training: samples to applied, validated steps ...");
      Rounds.of(run.time(WARM_UP), whole);
      Rounds learnt = Rounds.of(run.time(MEASURED), whole);
      run.progress().accept("training: the trainer's steps alone ...");
      Rounds.of(run.time(WARM_UP), steps);
      Rounds stepped = Rounds.of(run.time(MEASURED), steps);
      int size = LearnerWorkload.BATCH;
      figures.put("samplesPerSecond", learnt.perSecond() * size);
      figures.put("samplesPerProcessorSecond", learnt.perProcessorSecond() * size);
      figures.put("batchMillis", learnt.medianMillis());
      figures.put("trainerAlone", trainerAlone(stepped));
      return learnt.perSecond() * size;
    }
  }

  private static Map<String, Object> trainerAlone(Rounds stepped) {
    Map<String, Object> alone = new LinkedHashMap<>();
    alone.put("samplesPerSecond", stepped.perSecond() * LearnerWorkload.BATCH);
    alone.put("samplesPerProcessorSecond", stepped.perProcessorSecond() * LearnerWorkload.BATCH);
    alone.put("stepMillis", stepped.medianMillis());
    return alone;
  }

  /**
   * Two trainers by turns, so that both meet the same machine. Features are uniform over each
   * table, so a batch touches more distinct rows of the large one; what remains when both get the
   * batches of the small one is the price of the size itself.
   */
  private static double tableSizes(
      LearnerConfig config, BenchRun run, Map<String, Object> figures) {
    LearnerWorkload few = new LearnerWorkload(config, run.count(SMALL, 500), run.seed());
    LearnerWorkload many = new LearnerWorkload(config, run.count(LARGE, 2_000), run.seed());
    try (Trainer small = new Trainer(config);
        Trainer large = new Trainer(config)) {
      run.progress()
          .accept("filling tables of %d and %d rows ...".formatted(few.rows(), many.rows()));
      few.fill(small);
      many.fill(large);
      List<MicroBatch> fewBatches = few.batches(BATCHES, LearnerWorkload.BATCH);
      List<MicroBatch> manyBatches = many.batches(BATCHES, LearnerWorkload.BATCH);
      run.progress().accept("steps on both tables by turns ...");
      double[] uniform = byTurns(run, small, fewBatches, large, manyBatches);
      double[] same = byTurns(run, small, fewBatches, large, fewBatches);
      figures.put("smallTableRows", small.embeddingRows());
      figures.put("largeTableRows", large.embeddingRows());
      figures.put("smallTableStepMillis", uniform[0]);
      figures.put("largeTableStepMillis", uniform[1]);
      figures.put("stepRatio", uniform[1] / uniform[0]);
      figures.put("stepRatioWithTheSameBatches", same[1] / same[0]);
      figures.put("heapLiveMegabytes", Heap.liveMegabytes());
      return uniform[1] / uniform[0];
    }
  }

  /** Median milliseconds of a step, of the first and of the second. */
  private static double[] byTurns(
      BenchRun run,
      Trainer first,
      List<MicroBatch> firstBatches,
      Trainer second,
      List<MicroBatch> secondBatches) {
    DoubleArrayList firstMillis = new DoubleArrayList();
    DoubleArrayList secondMillis = new DoubleArrayList();
    Rounds.Work pair =
        n -> {
          timed(first, firstBatches, n, firstMillis);
          timed(second, secondBatches, n, secondMillis);
        };
    Rounds.of(run.time(WARM_UP), pair);
    firstMillis.clear();
    secondMillis.clear();
    Rounds.of(run.time(MEASURED), pair);
    return new double[] {
      Figures.median(firstMillis.toDoubleArray()), Figures.median(secondMillis.toDoubleArray())
    };
  }

  private static void timed(
      Trainer trainer, List<MicroBatch> batches, int block, DoubleArrayList millis) {
    for (int n = 0; n < BLOCK; n++) {
      MicroBatch batch = batches.get((block * BLOCK + n) % batches.size());
      long before = System.nanoTime();
      applied(trainer.step(batch, StageWeights.ONES));
      millis.add((System.nanoTime() - before) / 1e6);
    }
  }

  private static void applied(StepReport report) {
    if (!report.applied()) {
      throw new IllegalStateException("a batch was refused: " + report.quarantineReason());
    }
  }

  private static Map<String, Object> configuration(LearnerConfig config, BenchRun run) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("model", config.name());
    configuration.put("tasks", config.tasks().size());
    configuration.put("fields", LearnerWorkload.FIELDS);
    configuration.put("dimension", config.model().dimension());
    configuration.put("embeddingDimension", config.embedding().dimension());
    configuration.put("rows", run.count(ROWS, 1_000));
    configuration.put("batch", LearnerWorkload.BATCH);
    configuration.put("stageWeights", "off");
    configuration.put("nativeThreads", config.nativeThreads());
    configuration.put("heapMaxMegabytes", Heap.maxMegabytes());
    return configuration;
  }
}
