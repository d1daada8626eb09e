package io.tagstream.learner.training;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.model.TrainingOutputs;
import io.tagstream.learner.model.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
  private float[] termGradient = new float[0];
  private double sum;

  /** No rows. */
  RowLoss() {}

  /**
   * The loss of a forward pass.
   *
   * @param gamma {@code [I, K]}
   * @param term adds to logits, from the first row on, what is said of rows outside the network
   */
  RowLoss(
      TrainingRows rows,
      MicroBatch batch,
      TrainingOutputs trained,
      float[] gamma,
      Consumer<float[]> term) {
    logits = Weights.read(trained.logits());
    termGradient = new float[logits.length];
    crossEntropy(rows, batch, trained.logits(), logits, gamma, term);
    if (trained.reported() != null) {
      logits = Weights.read(trained.reported());
      term.accept(logits);
    }
    for (NDArray auxiliary : trained.auxiliary()) {
      crossEntropy(rows, batch, auxiliary, Weights.read(auxiliary), gamma, term);
    }
    if (trained.penalty() != null) {
      float share = 1f / batch.impressions();
      sum += share * Weights.read(trained.penalty())[0];
      outputs.add(new Output(trained.penalty(), new float[] {share}));
    }
  }

  private void crossEntropy(
      TrainingRows rows,
      MicroBatch batch,
      NDArray tensor,
      float[] values,
      float[] gamma,
      Consumer<float[]> term) {
    term.accept(values);
    float[] gradient = new float[values.length];
    sum += StepLoss.crossEntropy(rows, batch, values, gamma, gradient);
    outputs.add(new Output(tensor, gradient));
    for (int n = 0; n < gradient.length; n++) {
      termGradient[n] += gradient[n];
    }
  }

  /** Its part of {@code L}. */
  double sum() {
    return sum;
  }

  /** {@code [R, K]}: what is said at profile time, with the term. */
  float[] logits() {
    return logits;
  }

  /** {@code [R, K]}: {@code ∂L} by the term, summed over all outputs it is part of. */
  float[] termGradient() {
    return termGradient;
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
