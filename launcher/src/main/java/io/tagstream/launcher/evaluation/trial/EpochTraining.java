package io.tagstream.launcher.evaluation.trial;

import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.model.Parameter;
import io.tagstream.learner.training.StageWeights;
import io.tagstream.learner.training.StepReport;
import io.tagstream.learner.training.Trainer;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Training over a fixed set of records, epoch after epoch in a new order, until the validation
 * figure has not risen for some epochs. What is reported is the test of the epoch with the best
 * validation.
 *
 * @param epochs at most
 * @param patience epochs without a better validation after which training ends
 */
public record EpochTraining(int epochs, int patience) {

  /** The records that are trained, by number. */
  public interface Records {

    /** How many there are. */
    int count();

    /** Adds one to a batch. */
    void addTo(MicroBatch.Builder batch, int record);
  }

  /**
   * Trains.
   *
   * @param batch an empty builder for the records
   * @param batchSize records of a step
   * @param validation larger is better
   * @param test figures of the model as it is
   * @param trained told how many records were trained since the last call
   * @return the test's figures, and {@code epoch}, {@code samples/s}, {@code parameters}
   */
  public Map<String, Double> run(
      Trainer trainer,
      Records records,
      MicroBatch.Builder batch,
      int batchSize,
      long seed,
      DoubleSupplier validation,
      Supplier<Map<String, Double>> test,
      LongConsumer trained) {
    int[] order = new int[records.count()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    Random random = new Random(seed);
    Map<String, Double> best = new LinkedHashMap<>();
    double bestValidation = Double.NEGATIVE_INFINITY;
    int bestEpoch = 0;
    long trainingNanos = 0;
    int epoch = 0;
    while (epoch < epochs && epoch - bestEpoch <= patience) {
      epoch++;
      IntArrays.shuffle(order, random);
      long start = System.nanoTime();
      train(trainer, records, order, batch, batchSize, trained);
      trainingNanos += System.nanoTime() - start;
      double reached = validation.getAsDouble();
      if (reached > bestValidation) {
        bestValidation = reached;
        bestEpoch = epoch;
        best = new LinkedHashMap<>(test.get());
      }
    }
    trained.accept((long) (epochs - epoch) * order.length);
    best.put("validation", bestValidation);
    best.put("epoch", (double) bestEpoch);
    best.put("samples/s", epoch * (double) order.length / (trainingNanos / 1e9));
    best.put("parameters", (double) trainer.parameters().stream().mapToInt(Parameter::size).sum());
    return best;
  }

  private static void train(
      Trainer trainer,
      Records records,
      int[] order,
      MicroBatch.Builder batch,
      int batchSize,
      LongConsumer trained) {
    for (int from = 0; from < order.length; from += batchSize) {
      int to = Math.min(order.length, from + batchSize);
      batch.clear();
      for (int n = from; n < to; n++) {
        records.addTo(batch, order[n]);
      }
      StepReport report = trainer.step(batch.build(), StageWeights.ONES);
      if (!report.applied()) {
        throw new IllegalStateException(
            "training was refused at step " + report.step() + ": " + report.quarantineReason());
      }
      trained.accept(to - from);
    }
  }
}
