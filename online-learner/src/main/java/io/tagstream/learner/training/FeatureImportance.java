package io.tagstream.learner.training;

import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.validation.RankingMetrics;
import it.unimi.dsi.fastutil.floats.FloatArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Permutation feature importance per task (DTN eq. 2): {@code FI^k(X_i) = AUC^k − AUC^k(X_i
 * permuted)}, how much worse a task ranks when one user field comes from another impression.
 */
public final class FeatureImportance {

  private final MicroBatch batch;
  private final Function<MicroBatch, float[]> predictor;

  /**
   * Of a model that has not learnt from these impressions.
   *
   * @param batch impressions with labels
   * @param predictor says probabilities of a batch's rows, {@code [rows, K]}; changes nothing
   */
  public FeatureImportance(MicroBatch batch, Function<MicroBatch, float[]> predictor) {
    this.batch = batch;
    this.predictor = predictor;
  }

  /**
   * The importance of every user field for every task.
   *
   * @param seed of the permutation, which is the same for all fields
   * @return {@code [F][K]}; NaN for a task of which there are not both kinds of labels
   */
  public double[][] ofFields(long seed) {
    int[] order =
        IntArrays.shuffle(IntStream.range(0, batch.impressions()).toArray(), new Random(seed));
    double[] base = aucs(batch);
    double[][] importance = new double[batch.fields()][];
    for (int f = 0; f < importance.length; f++) {
      double[] permuted = aucs(withPermuted(f, order));
      importance[f] = new double[base.length];
      Arrays.setAll(importance[f], k -> base[k] - permuted[k]);
    }
    return importance;
  }

  private double[] aucs(MicroBatch of) {
    float[] predictions = predictor.apply(of);
    double[] aucs = new double[of.tasks()];
    for (int k = 0; k < aucs.length; k++) {
      FloatArrayList probabilities = new FloatArrayList();
      FloatArrayList labels = new FloatArrayList();
      for (int r = 0; r < of.rows(); r++) {
        int label = of.rowImpression()[r] * of.tasks() + k;
        if (of.labelled()[label]) {
          probabilities.add(predictions[r * of.tasks() + k]);
          labels.add(of.labels()[label]);
        }
      }
      int rows = labels.size();
      @Nullable Double auc =
          new RankingMetrics(
                  new long[rows], probabilities.toFloatArray(), labels.toFloatArray(), rows)
              .auc();
      aucs[k] = auc == null ? Double.NaN : auc;
    }
    return aucs;
  }

  /** The batch, one field of each impression taken from another one. */
  private MicroBatch withPermuted(int field, int[] order) {
    int fields = batch.fields();
    int tasks = batch.tasks();
    MicroBatch.Builder builder = MicroBatch.builder(fields, batch.privileged(), tasks);
    int row = 0;
    for (int i = 0; i < batch.impressions(); i++) {
      long[][] bags = new long[fields][];
      for (int f = 0; f < fields; f++) {
        int owner = f == field ? order[i] : i;
        bags[f] = bag(batch.fieldOffsets(), batch.fieldIds(), owner * fields + f);
      }
      int from = i * tasks;
      builder.addImpression(
          batch.eventTimeMillis()[i],
          batch.first()[i],
          lengths(bags),
          ids(bags),
          Arrays.copyOfRange(batch.labels(), from, from + tasks),
          Arrays.copyOfRange(batch.labelled(), from, from + tasks),
          Arrays.copyOfRange(batch.pseudoLabels(), from, from + tasks),
          Arrays.copyOfRange(batch.pseudoLabelled(), from, from + tasks),
          Arrays.copyOfRange(batch.sampleWeights(), from, from + tasks));
      builder.addEntity(batch.entities().get(i));
      long[][] privileged = new long[batch.privileged()][];
      for (int p = 0; p < privileged.length; p++) {
        int number = i * privileged.length + p;
        privileged[p] = bag(batch.privilegedOffsets(), batch.privilegedIds(), number);
      }
      builder.addPrivileged(lengths(privileged), ids(privileged));
      for (; row < batch.rows() && batch.rowImpression()[row] == i; row++) {
        builder.addTag(batch.tagNames().get(batch.rowTag()[row]), batch.tagWeights()[row]);
      }
    }
    return builder.build();
  }

  private static long[] bag(int[] offsets, long[] ids, int number) {
    return Arrays.copyOfRange(ids, offsets[number], offsets[number + 1]);
  }

  private static int[] lengths(long[][] bags) {
    return Arrays.stream(bags).mapToInt(bag -> bag.length).toArray();
  }

  private static long[] ids(long[][] bags) {
    return Arrays.stream(bags).flatMapToLong(Arrays::stream).toArray();
  }
}
