package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;

/** The few layers the networks are made of. */
final class Layers {

  /** What keeps the norm of a field without known features finite. */
  static final double NORM_EPSILON = 1e-5;

  private Layers() {}

  /** Declares a chain of linear layers from {@code in} over {@code hidden} to {@code out}. */
  static void declareMlp(ParameterSet set, String name, long in, List<Integer> hidden, long out) {
    long width = in;
    for (int layer = 0; layer < hidden.size(); layer++) {
      declareLinear(set, name + "." + layer, width, hidden.get(layer));
      width = hidden.get(layer);
    }
    declareLinear(set, name + "." + hidden.size(), width, out);
  }

  /** Declares {@code x Wᵀ + b}, {@code W [out, in]}. */
  static void declareLinear(ParameterSet set, String name, long in, long out) {
    set.glorot(name + ".weight", in, out, out, in);
    set.zeros(name + ".bias", out);
  }

  /**
   * Declares the same layers as {@link #declareMlp}, near the identity: the first hidden layer
   * holds the input and its negative, so that ReLU loses nothing, and the last one joins them
   * again. What does not fit a layer's width is cut off.
   */
  static void declarePassingMlp(
      ParameterSet set, String name, int in, List<Integer> hidden, int out) {
    int width = in;
    for (int layer = 0; layer < hidden.size(); layer++) {
      int next = hidden.get(layer);
      declarePassing(
          set, name + "." + layer, 1, width, next, layer == 0 ? split(in) : Layers::identity);
      width = next;
    }
    declarePassing(
        set,
        name + "." + hidden.size(),
        1,
        width,
        out,
        hidden.isEmpty() ? Layers::identity : join(in));
  }

  /** Declares {@code blocks} linear layers side by side, {@code W [blocks · out, in]}. */
  static void declarePassing(
      ParameterSet set, String name, int blocks, int in, int out, ParameterSet.Pass pass) {
    set.passing(name + ".weight", blocks, out, in, pass);
    set.zeros(name + ".bias", (long) blocks * out);
  }

  /** {@code y = x}. */
  static float identity(int row, int column) {
    return row == column ? 1f : 0f;
  }

  /** {@code [n] → [x, −x]}. */
  static ParameterSet.Pass split(int n) {
    return (row, column) -> row == column ? 1f : row == column + n ? -1f : 0f;
  }

  /** {@code [ReLU(x), ReLU(−x)] → [n]}. */
  static ParameterSet.Pass join(int n) {
    return (row, column) -> row == column && row < n ? 1f : column == row + n ? -1f : 0f;
  }

  /** ReLU between layers, linear at the end: {@code [N, in] → [N, out]}. */
  static NDArray mlp(Weights w, String name, NDArray x, int hiddenLayers) {
    NDArray y = x;
    for (int layer = 0; layer < hiddenLayers; layer++) {
      y = relu(linear(w, name + "." + layer, y));
    }
    return linear(w, name + "." + hiddenLayers, y);
  }

  /** {@code x Wᵀ + b}, {@code [N, in] → [N, out]}. */
  static NDArray linear(Weights w, String name, NDArray x) {
    return linear(x, w.get(name + ".weight"), w.get(name + ".bias"));
  }

  /** {@code x Wᵀ + b} in one pass. */
  static NDArray linear(NDArray x, NDArray weight, NDArray bias) {
    return JniUtils.linear((PtNDArray) x, (PtNDArray) weight, (PtNDArray) bias);
  }

  /**
   * {@code σ(2 (x Wᵀ + b))}, which is {@code (tanh(x Wᵀ + b) + 1) / 2}: a quarter of the cost of
   * tanh on this engine, for places where the shift and the factor can be taken care of later.
   */
  static NDArray halfTanh(Weights w, String name, NDArray x) {
    NDArray doubled = linear(x, twice(w.get(name + ".weight")), twice(w.get(name + ".bias")));
    return sigmoid(doubled);
  }

  /** As {@link #mlp} with tanh between layers. */
  static NDArray tanhMlp(Weights w, String name, NDArray x, int hiddenLayers) {
    NDArray y = x;
    for (int layer = 0; layer < hiddenLayers; layer++) {
      y = tanh(linear(w, name + "." + layer, y));
    }
    return linear(w, name + "." + hiddenLayers, y);
  }

  static NDArray tanh(NDArray x) {
    return JniUtils.tanh((PtNDArray) x);
  }

  static NDArray relu(NDArray x) {
    return JniUtils.relu((PtNDArray) x);
  }

  static NDArray sigmoid(NDArray x) {
    return JniUtils.sigmoid((PtNDArray) x);
  }

  /** Declares what {@link #layerNorm} reads: gain one and bias zero. */
  static void declareLayerNorm(ParameterSet set, String name, long width) {
    set.ones(name + ".gain", width);
    set.zeros(name + ".bias", width);
  }

  /** {@code gain ⊙ (x − mean) / √(variance + ε) + bias} along the last axis. */
  static NDArray layerNorm(Weights w, String name, NDArray x) {
    NDArray gain = w.get(name + ".gain");
    return JniUtils.layerNorm(
        (PtNDArray) x,
        gain.getShape(),
        (PtNDArray) gain,
        (PtNDArray) w.get(name + ".bias"),
        NORM_EPSILON);
  }

  /** Columns {@code from} up to {@code to}: {@code [N, n] → [N, to − from]}. */
  static NDArray columns(NDArray x, int from, int to) {
    return x.get(new NDIndex(":, {}:{}", from, to));
  }

  /** The first rows: {@code [N, …] → [count, …]}. */
  static NDArray firstRows(NDArray x, int count) {
    return x.get(new NDIndex(":{}", count));
  }

  static NDArray softmax(NDArray x, int axis) {
    return JniUtils.softmax((PtNDArray) x, axis, DataType.FLOAT32);
  }

  /** Rows of a table by index: {@code [N, d], [R] → [R, d]}; gradients of equal rows add up. */
  static NDArray rows(NDArray table, NDArray index) {
    return JniUtils.embedding((PtNDArray) index, (PtNDArray) table, false);
  }

  /** {@code Σ_i w_i x_i} row by row: {@code E × [R, d]} and weights {@code [R, E] → [R, d]}. */
  static NDArray mixture(NDList outputs, NDArray weights) {
    int experts = outputs.size();
    NDArray stacked = concat(outputs, 1).reshape(outputs.get(0).getShape().get(0), experts, -1);
    return stacked.mul(weights.reshape(-1, experts, 1)).sum(new int[] {1});
  }

  /** {@code √max(‖x‖², ε)} along the last axis: {@code [N, d] → [N, 1]}. */
  static NDArray norm(NDArray x) {
    return x.mul(x).sum(new int[] {1}, true).maximum(constant(x, FactoredView.EPSILON)).sqrt();
  }

  /** {@code ⟨a, b⟩ / (√max(‖a‖², ε) · √max(‖b‖², ε))} row by row: {@code [N, d]² → [N, 1]}. */
  static NDArray cosine(NDArray a, NDArray b) {
    return a.mul(b).sum(new int[] {1}, true).div(norm(a).mul(norm(b)));
  }

  /**
   * A scalar that owns its memory. The engine's operations with a Java number borrow a direct
   * buffer for it, which autograd still reads in the backward pass when Java may have freed it.
   */
  static NDArray constant(NDArray like, float value) {
    try (NDArray borrowed = like.getManager().create(value)) {
      return borrowed.duplicate();
    }
  }

  /**
   * The arrays side by side along an axis. The engine's own detaches a single one from autograd.
   */
  static NDArray concat(NDList arrays, int axis) {
    return arrays.size() == 1 ? arrays.get(0) : NDArrays.concat(arrays, axis);
  }

  private static NDArray twice(NDArray x) {
    return x.add(x);
  }
}
