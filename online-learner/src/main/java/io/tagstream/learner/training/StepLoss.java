package io.tagstream.learner.training;

import io.tagstream.learner.batch.MicroBatch;

/**
 * The loss and its derivative by the logits, in plain Java: {@code L = 1/I (Σ_rows Σ_k γ^k c^k
 * BCE(σ(z^k), y^k) + Σ_first Σ_k m^k (l^k − ỹ^k)²)} (STAN eq. 11, 13, 14), {@code c} the weight of
 * {@link TrainingRows#weight}, {@code m} 1 where the user has matured history. γ is a constant: no
 * gradient passes through it.
 */
final class StepLoss {

  private StepLoss() {}

  /**
   * Weighted cross-entropy of some rows.
   *
   * @param of {@code [N]}: which rows the logits are of
   * @param logits {@code z [N, O]}: an output per task, and retrieval where it is one
   * @param gamma {@code [I, K]}
   * @param gradient receives {@code ∂L/∂z [N, O]}
   * @return its part of {@code L}
   */
  static double crossEntropy(
      TrainingRows rows,
      MicroBatch batch,
      int[] of,
      float[] logits,
      float[] gamma,
      float[] gradient) {
    int outputs = rows.outputs();
    int[] impressions = rows.impressions();
    double share = 1.0 / batch.impressions();
    double sum = 0;
    for (int n = 0; n < of.length; n++) {
      int r = of[n];
      for (int o = 0; o < outputs; o++) {
        float ofStage = gamma[impressions[r] * batch.tasks() + rows.task(o)];
        double weight = share * ofStage * rows.weight(r, o);
        double z = logits[n * outputs + o];
        double y = rows.label(r, o);
        sum += weight == 0 ? 0 : weight * binaryCrossEntropy(z, y);
        gradient[n * outputs + o] = weight == 0 ? 0f : (float) (weight * (sigmoid(z) - y));
      }
    }
    return sum;
  }

  /**
   * The stage head's squared error, on first emissions with matured history.
   *
   * @param predictions {@code ỹ [I, K]}
   * @param gradient receives the derivative by the head's logits, {@code [I, K]}
   * @return its part of {@code L}
   */
  static double stage(MicroBatch batch, float[] predictions, float[] gradient) {
    int tasks = batch.tasks();
    double share = 1.0 / batch.impressions();
    double sum = 0;
    for (int at = 0; at < predictions.length; at++) {
      gradient[at] = 0f;
      if (batch.first()[at / tasks] && batch.pseudoLabelled()[at]) {
        double p = predictions[at];
        double error = p - batch.pseudoLabels()[at];
        sum += share * error * error;
        gradient[at] = (float) (share * 2 * error * p * (1 - p));
      }
    }
    return sum;
  }

  /**
   * What the calibration's constants {@code b} descend, which is no part of {@code L}: the
   * cross-entropy {@code C} of every known label, its impression's rows in equal shares and by the
   * sample weight {@code s} alone. {@code ∂C/∂b^k = 1/I Σ_i s_i^k (p̄_i^k − y_i^k)}, {@code p̄} the
   * mean over an impression's rows.
   *
   * @param source {@code [I]}: impressions that are left out; empty for none
   * @param predictions {@code p [batch.rows(), K]}
   * @param gradient receives {@code [K]}
   */
  static void calibrationGradient(
      MicroBatch batch, boolean[] source, float[] predictions, float[] gradient) {
    int tasks = batch.tasks();
    int[] rows = new int[batch.impressions()];
    for (int i : batch.rowImpression()) {
      rows[i]++;
    }
    double[] sums = new double[tasks];
    for (int n = 0; n < predictions.length; n++) {
      int i = batch.rowImpression()[n / tasks];
      int at = i * tasks + n % tasks;
      if (batch.labelled()[at] && (source.length == 0 || !source[i])) {
        double error = predictions[n] - (double) batch.labels()[at];
        sums[n % tasks] += batch.sampleWeights()[at] * error / rows[i];
      }
    }
    for (int k = 0; k < tasks; k++) {
      gradient[k] = (float) (sums[k] / batch.impressions());
    }
  }

  /** {@code −y log σ(z) − (1−y) log(1−σ(z))}, without overflow. */
  static double binaryCrossEntropy(double z, double y) {
    return Math.max(z, 0) - y * z + Math.log1p(Math.exp(-Math.abs(z)));
  }

  static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  /** {@code σ} of each. */
  static float[] sigmoids(float[] logits) {
    float[] values = new float[logits.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) sigmoid(logits[i]);
    }
    return values;
  }
}
