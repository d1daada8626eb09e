package io.tagstream.learner.training;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.model.Auxiliary;
import io.tagstream.learner.model.OwnTagTerm;
import io.tagstream.learner.model.TrainingOutputs;
import io.tagstream.learner.model.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * What a step's rows add to the loss: the weighted cross-entropy of the logits and of every
 * auxiliary output, and the network's penalty, with the derivatives the backward pass starts from.
 */
final class RowLoss {

  /** A tensor with the loss's derivative by it. */
  @SuppressWarnings("ArrayRecordComponent") // handed down, never compared
  private record Output(NDArray tensor, float[] gradient) {}

  private final List<Output> outputs = new ArrayList<>();
  private float[] logits = new float[0];
  private float[] ownGradient = new float[0];
  private double sum;

  /** No rows. */
  RowLoss() {}

  /**
   * The loss of a forward pass.
   *
   * @param gamma {@code [I, K]}
   * @param own what the user's own tags gain, {@code [R, O]}, which is mixed into every output
   *     ({@link OwnTagTerm}); empty for nothing
   */
  RowLoss(
      TrainingRows rows, MicroBatch batch, TrainingOutputs trained, float[] gamma, float[] own) {
    ownGradient = new float[own.length];
    logits = crossEntropy(rows, batch, Auxiliary.ofFirst(trained.logits()), gamma, own);
    if (trained.reported() != null) {
      logits = Weights.read(trained.reported());
      mix(logits, own);
    }
    for (Auxiliary auxiliary : trained.auxiliary()) {
      crossEntropy(rows, batch, auxiliary, gamma, own);
    }
    if (trained.penalty() != null) {
      float share = 1f / batch.impressions();
      sum += share * Weights.read(trained.penalty())[0];
      outputs.add(new Output(trained.penalty(), new float[] {share}));
    }
  }

  /** Adds an output's cross-entropy; returns its logits, mixed. */
  private float[] crossEntropy(
      TrainingRows rows, MicroBatch batch, Auxiliary of, float[] gamma, float[] own) {
    float[] values = Weights.read(of.logits());
    int width = rows.outputs();
    float[] share = mix(values, own.length == 0 ? own : rowsOf(own, of.rows(), width));
    float[] gradient = new float[values.length];
    sum += StepLoss.crossEntropy(rows, batch, of.rows(), values, gamma, gradient);
    for (int n = 0; n < share.length; n++) {
      ownGradient[of.rows()[n / width] * width + n % width] += (1 - share[n]) * gradient[n];
      gradient[n] *= share[n];
    }
    outputs.add(new Output(of.logits(), gradient));
    return values;
  }

  private static float[] rowsOf(float[] values, int[] rows, int width) {
    float[] some = new float[rows.length * width];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(values, rows[r] * width, some, r * width, width);
    }
    return some;
  }

  /** Empty when nothing was mixed in. */
  private static float[] mix(float[] values, float[] own) {
    return own.length == 0 ? own : OwnTagTerm.mix(values, own);
  }

  /** Its part of {@code L}. */
  double sum() {
    return sum;
  }

  /** {@code [R, O]}: what is said at profile time, own tags mixed in, before calibration. */
  float[] logits() {
    return logits;
  }

  /** {@code ∂L/∂o [R, O]}, summed over all outputs it is mixed into. */
  float[] ownGradient() {
    return ownGradient;
  }

  /** Runs the backward pass from every output. */
  void backward(Weights w) {
    for (int n = 0; n < outputs.size(); n++) {
      backward(w, outputs.get(n).tensor(), outputs.get(n).gradient(), n < outputs.size() - 1);
    }
  }

  /**
   * Runs the backward pass from one output.
   *
   * @param again whether another output of the same graph follows
   */
  static void backward(Weights w, NDArray tensor, float[] gradient, boolean again) {
    NDArray seed = w.input(gradient, gradient.length, false, tensor.getShape().getShape());
    Weights.backward(tensor, seed, again);
  }
}
