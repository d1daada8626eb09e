package io.tagstream.launcher.bench;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.embedding.RowPage;
import io.tagstream.learner.training.StageWeights;
import io.tagstream.learner.training.Trainer;
import io.tagstream.learner.training.TrainerCapture;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a checkpoint of a large table costs: the pause, and what follows it. Training goes on while
 * the frozen pages are written; the first write to each copies it.
 */
final class CheckpointBenchmark implements Benchmark {

  private static final int ROWS = 10_000_000;
  private static final int ROUNDS = 5;
  private static final int BATCHES = 16;
  private static final int BUFFER = 1 << 20;

  /** A row lies in the table, and once more in a frozen page while it is written. */
  private static final long BYTES_PER_ROW = 220;

  private static final long BESIDE = 400L << 20;

  @Override
  public String name() {
    return "checkpoint";
  }

  @Override
  public String summary() {
    return "checkpoint with 10M embedding rows: synchronous pause, heap, bytes";
  }

  @Override
  public Outcome measure(BenchRun run) throws IOException {
    int rows = run.count(ROWS, 2_000);
    Heap.require(rows * BYTES_PER_ROW + BESIDE, "a checkpoint of " + rows + " embedding rows");
    LearnerConfig config = LearnerWorkload.plainMvke(2, run.seed());
    LearnerWorkload workload = new LearnerWorkload(config, rows, run.seed());
    try (Trainer trainer = new Trainer(config)) {
      run.progress().accept("filling a table of " + workload.rows() + " rows ...");
      workload.fill(trainer);
      List<MicroBatch> batches = workload.batches(BATCHES, LearnerWorkload.BATCH);
      batches.forEach(batch -> trainer.step(batch, StageWeights.ONES));
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("heapMegabytes", Heap.liveMegabytes());
      checkpoints(run, trainer, batches, figures);
      Map<String, Object> configuration = new LinkedHashMap<>();
      configuration.put("rows", trainer.embeddingRows());
      configuration.put("embeddingDimension", config.embedding().dimension());
      configuration.put("rounds", ROUNDS);
      configuration.put("heapMaxMegabytes", Heap.maxMegabytes());
      return new Outcome(List.of(), figures, configuration);
    }
  }

  private static void checkpoints(
      BenchRun run, Trainer trainer, List<MicroBatch> batches, Map<String, Object> figures)
      throws IOException {
    double[] pause = new double[ROUNDS];
    double[] firstStep = new double[ROUNDS];
    double[] laterStep = new double[ROUNDS];
    double[] serialised = new double[ROUNDS];
    double[] written = new double[ROUNDS];
    double heap = 0;
    long bytes = 0;
    long pages = 0;
    for (int round = 0; round < ROUNDS; round++) {
      run.progress().accept("checkpoint " + (round + 1) + " of " + ROUNDS + " ...");
      long before = System.nanoTime();
      TrainerCapture capture = trainer.capture();
      pause[round] = millisSince(before);
      firstStep[round] = step(trainer, batches.get(0));
      for (MicroBatch batch : batches) {
        laterStep[round] = step(trainer, batch);
      }
      heap = Math.max(heap, Heap.liveMegabytes());
      Path file = run.scratch().resolve("checkpoint-" + round);
      before = System.nanoTime();
      try (OutputStream nowhere = OutputStream.nullOutputStream()) {
        write(capture, nowhere);
      }
      serialised[round] = millisSince(before);
      before = System.nanoTime();
      try (OutputStream out = Files.newOutputStream(file)) {
        write(capture, out);
      }
      written[round] = millisSince(before);
      bytes = Files.size(file);
      pages = capture.pages().size();
      Files.delete(file);
    }
    figures.put("synchronousPauseMillis", Figures.median(pause));
    figures.put("firstStepAfterMillis", Figures.median(firstStep));
    figures.put("laterStepMillis", Figures.median(laterStep));
    figures.put("heapMegabytesWhileWriting", heap);
    figures.put("bytesWritten", bytes);
    figures.put("pages", pages);
    figures.put("serialisationMillis", Figures.median(serialised));
    figures.put("serialisationAndFileMillis", Figures.median(written));
  }

  private static void write(TrainerCapture capture, OutputStream target) throws IOException {
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(target, BUFFER));
    out.write(capture.header());
    for (RowPage page : capture.pages()) {
      page.writeTo(out);
    }
    out.flush();
  }

  private static double step(Trainer trainer, MicroBatch batch) {
    long before = System.nanoTime();
    trainer.step(batch, StageWeights.ONES);
    return millisSince(before);
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }
}
