package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.tagstream.learner.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Mixtures of experts (Ma et al., KDD 2018, "Modeling Task Relationships in Multi-task Learning
 * with Multi-gate Mixture-of-Experts").
 *
 * <ul>
 *   <li>MMoE: {@code y_k = h^k(f^k(x))}, {@code f^k(x) = Σ_i g^k(x)_i f_i(x)}, {@code g^k(x) =
 *       softmax(W_gk x)}
 *   <li>MoE (one gate): {@code f(x) = Σ_i g(x)_i f_i(x)} for all tasks
 * </ul>
 *
 * <p>Experts {@code f_i: [R, F·e + e] → [R, d]}, gates {@code → [R, E]}, towers {@code [R, d] → [R,
 * 1]}.
 */
final class MixtureOfExperts implements TagModel {

  private final int tasks;
  private final boolean gatePerTask;
  private final PairInput input;
  private final int experts;
  private final List<Integer> hidden;
  private final int dimension;
  private final TaskTowers towers;

  /**
   * A network.
   *
   * @param tasks {@code K}
   * @param input what a row is
   * @param gatePerTask true for MMoE, false for MoE
   */
  MixtureOfExperts(int tasks, PairInput input, ModelConfig sizes, boolean gatePerTask) {
    this.tasks = tasks;
    this.gatePerTask = gatePerTask;
    this.input = input;
    this.experts = sizes.multiTask().sharedExperts();
    this.hidden = sizes.hidden();
    this.dimension = sizes.dimension();
    this.towers = new TaskTowers(tasks, dimension, sizes.multiTask().tower());
  }

  @Override
  public void declare(ParameterSet parameters) {
    for (int i = 0; i < experts; i++) {
      input.declareExpert(parameters, "expert." + i, hidden, dimension);
    }
    for (int gate = 0; gate < (gatePerTask ? tasks : 1); gate++) {
      input.declareLinear(parameters, "gate." + gate, experts);
    }
    towers.declare(parameters);
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    NDList outputs = new NDList();
    for (int i = 0; i < experts; i++) {
      outputs.add(input.expert(w, "expert." + i, in, hidden.size()));
    }
    List<NDArray> mixed = new ArrayList<>();
    for (int k = 0; k < tasks; k++) {
      mixed.add(
          k > 0 && !gatePerTask
              ? mixed.get(0)
              : Layers.mixture(outputs, Layers.softmax(input.linear(w, "gate." + k, in), 1)));
    }
    return towers.logits(w, mixed);
  }
}
