package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;

/**
 * Gates from tags to virtual kernels (MVKE eq. 7). Task {@code j} has {@code m_j} experts, with
 * kernels {@code W_VK^k [e]} and outputs {@code E_u^k [I, d]}; {@code E_T^j [D, d]} are its tag
 * vectors.
 *
 * <ul>
 *   <li>{@code a_j = softmax(tanh(E_T^j W + b) tanh(W_VK W' + b')ᵀ / √e)} over the task's experts
 *   <li>{@code E_u^j = Σ_k a_jk V_j(E_u^k)}, {@code V_j} linear
 * </ul>
 */
final class VirtualKernelGates {

  private final int embedding;
  private final int dimension;
  private final List<int[]> expertsOfTask;

  /**
   * Gates.
   *
   * @param embedding size of a kernel, {@code e}
   * @param dimension {@code d}
   * @param expertsOfTask per task its experts, ascending
   */
  VirtualKernelGates(int embedding, int dimension, List<int[]> expertsOfTask) {
    this.embedding = embedding;
    this.dimension = dimension;
    this.expertsOfTask = expertsOfTask.stream().map(int[]::clone).toList();
  }

  /** {@code K}. */
  int tasks() {
    return expertsOfTask.size();
  }

  /** {@code m_j}. */
  int experts(int task) {
    return expertsOfTask.get(task).length;
  }

  /** What there is to be said of gates with this tower's tags. */
  GatedByTags over(TagTower tower) {
    return new GatedByTags() {
      @Override
      public int[] experts(int output) {
        return expertsOfTask.get(output).clone();
      }

      @Override
      public NDArray gates(Weights w, int output, NDArray tags) {
        return weights(w, output, tower.head(w, output, tower.shared(w, tags)));
      }
    };
  }

  void declare(ParameterSet p) {
    for (int j = 0; j < tasks(); j++) {
      Layers.declareLinear(p, "gate.query." + j, dimension, embedding);
      Layers.declareLinear(p, "gate.key." + j, embedding, embedding);
      Layers.declarePassing(p, "gate.value." + j, 1, dimension, dimension, Layers::identity);
    }
  }

  /** {@code V_j} of the task's experts, side by side: {@code E × [I, d] → [I, m·d]}. */
  NDArray values(Weights w, int task, NDList expertOutputs) {
    NDList own = new NDList();
    for (int k : expertsOfTask.get(task)) {
      own.add(expertOutputs.get(k));
    }
    NDArray stacked = Layers.concat(own, 1).reshape(-1, dimension);
    return Layers.linear(w, "gate.value." + task, stacked)
        .reshape(-1, (long) own.size() * dimension);
  }

  /** {@code a_j} of tags: {@code [D, d] → [D, m]}. */
  NDArray weights(Weights w, int task, NDArray tag) {
    int[] own = expertsOfTask.get(task);
    NDArray query = Layers.linear(w, "gate.query." + task, tag).tanh();
    NDArray kernels = Layers.rows(w.get(VirtualKernelExperts.KERNELS), w.indices(own));
    NDArray key = Layers.linear(w, "gate.key." + task, kernels).tanh();
    NDArray scores =
        query.matMul(key.transpose()).mul(Layers.constant(tag, (float) (1 / Math.sqrt(embedding))));
    return Layers.softmax(scores, 1);
  }

  /** {@code E_u^j} of every row: {@code [R, d]}. */
  NDArray user(Weights w, int task, NDList expertOutputs, NDArray tag, ModelInputs in) {
    NDArray gate = Layers.rows(weights(w, task, tag), in.rowTag()).reshape(-1, experts(task), 1);
    NDArray values = Layers.rows(values(w, task, expertOutputs), in.rowImpression());
    return values.reshape(-1, experts(task), dimension).mul(gate).sum(new int[] {1});
  }

  /** The user side of every task. */
  List<CosineView.Side> users(Weights w, NDList expertOutputs) {
    List<CosineView.Side> sides = new ArrayList<>();
    for (int j = 0; j < tasks(); j++) {
      NDArray values = values(w, j, expertOutputs);
      sides.add(new CosineView.Side(values, gram(j, values)));
    }
    return sides;
  }

  /**
   * A task's tag side.
   *
   * @param tag what the gate reads, {@code [T, d]}
   * @param vector what users are compared with, {@code [T, d]}
   */
  CosineView.Side tags(Weights w, int task, NDArray tag, NDArray vector) {
    int m = experts(task);
    NDArray gate = weights(w, task, tag);
    NDArray unit = vector.div(Layers.norm(vector)).reshape(-1, 1, dimension);
    NDArray vectors = gate.reshape(-1, m, 1).mul(unit).reshape(-1, (long) m * dimension);
    return new CosineView.Side(vectors, squares(task, gate));
  }

  /** Gram matrices of {@link #values}: {@code [U, m·d] → [U, m·m]}. */
  NDArray gram(int task, NDArray values) {
    int m = experts(task);
    NDArray vectors = values.reshape(-1, m, dimension);
    return vectors.batchMatMul(vectors.transpose(0, 2, 1)).reshape(-1, (long) m * m);
  }

  /** {@code a ⊗ a} of {@link #weights}: {@code [T, m] → [T, m·m]}. */
  NDArray squares(int task, NDArray weights) {
    int m = experts(task);
    return weights.reshape(-1, m, 1).mul(weights.reshape(-1, 1, m)).reshape(-1, (long) m * m);
  }
}
