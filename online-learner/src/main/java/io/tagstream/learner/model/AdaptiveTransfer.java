package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.tagstream.learner.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * AITM (Xi et al., KDD 2021, "Modeling the Sequential Dependence among Audience Multi-step
 * Conversions with Multi-task Learning in Targeted Display Advertising"): what one task learnt is
 * handed to the next.
 *
 * <ul>
 *   <li>{@code q_k = f_k(x)}: a bottom per task, {@code [R, F·e + e] → [R, d]}
 *   <li>{@code p_k = g_{k−1}(z_{k−1})}: what is transferred, one layer {@code [R, d] → [R, d]};
 *       {@code z_1 = q_1}
 *   <li>{@code z_k = Σ_{u ∈ {p_k, q_k}} w_u h_1(u)}, {@code w_u = softmax(⟨h_2(u), h_3(u)⟩ / √d)}:
 *       attention over the two, {@code h} linear
 *   <li>{@code ŷ_k = σ(tower_k(z_k))}
 *   <li>{@code L = Σ BCE + α Σ_rows Σ_{k>1} max(ŷ_k − ŷ_{k−1}, 0)}: a later step is not likelier
 *       than the one before it
 * </ul>
 */
final class AdaptiveTransfer implements TagModel {

  private final int outputs;
  private final int tasks;
  private final PairInput input;
  private final List<Integer> hidden;
  private final int dimension;
  private final float sequencePenalty;
  private final TaskTowers towers;

  /**
   * A network.
   *
   * @param outputs the tasks, and what follows them without being a step of their sequence
   * @param tasks {@code K}, those that are steps
   * @param input what a row is
   */
  AdaptiveTransfer(int outputs, int tasks, PairInput input, ModelConfig sizes) {
    this.outputs = outputs;
    this.tasks = tasks;
    this.input = input;
    this.hidden = sizes.hidden();
    this.dimension = sizes.dimension();
    this.sequencePenalty = sizes.multiTask().sequencePenalty();
    this.towers = new TaskTowers(outputs, dimension, sizes.multiTask().tower());
  }

  @Override
  public void declare(ParameterSet parameters) {
    for (int k = 0; k < outputs; k++) {
      input.declareExpert(parameters, "bottom." + k, hidden, dimension);
      if (k > 0) {
        Layers.declareLinear(parameters, "transfer." + k, dimension, dimension);
        for (String part : List.of("value", "query", "key")) {
          parameters.glorot(attention(k, part), dimension, dimension, dimension, dimension);
        }
      }
    }
    towers.declare(parameters);
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    List<NDArray> states = new ArrayList<>();
    for (int k = 0; k < outputs; k++) {
      NDArray own = input.expert(w, "bottom." + k, in, hidden.size());
      states.add(k == 0 ? own : transferred(w, k, states.get(k - 1), own));
    }
    return towers.logits(w, states);
  }

  @Override
  public TrainingOutputs training(Weights w, ModelInputs in) {
    NDArray logits = logits(w, in);
    if (sequencePenalty == 0 || tasks == 1) {
      return TrainingOutputs.of(logits);
    }
    NDArray probabilities = Layers.sigmoid(logits);
    NDArray later = Layers.columns(probabilities, 1, tasks);
    NDArray earlier = Layers.columns(probabilities, 0, tasks - 1);
    NDArray excess = Layers.relu(later.sub(earlier)).sum();
    NDArray penalty = excess.mul(Layers.constant(excess, sequencePenalty));
    return new TrainingOutputs(logits, List.of(), penalty);
  }

  /** {@code z_k} of {@code z_{k−1}} and {@code q_k}: {@code [R, d]² → [R, d]}. */
  private NDArray transferred(Weights w, int task, NDArray before, NDArray own) {
    NDArray transfer = Layers.relu(Layers.linear(w, "transfer." + task, before));
    // Rows in pairs (transferred, own), so that one product serves both.
    NDArray pairs = Layers.concat(new NDList(transfer, own), 1).reshape(-1, dimension);
    NDArray query = pairs.matMul(w.get(attention(task, "query")).transpose());
    NDArray key = pairs.matMul(w.get(attention(task, "key")).transpose());
    NDArray value = pairs.matMul(w.get(attention(task, "value")).transpose());
    NDArray scale = Layers.constant(own, (float) (1 / Math.sqrt(dimension)));
    NDArray scores = query.mul(key).sum(new int[] {1}, true).mul(scale).reshape(-1, 2);
    NDArray weights = Layers.softmax(scores, 1).reshape(-1, 2, 1);
    return value.reshape(-1, 2, dimension).mul(weights).sum(new int[] {1});
  }

  private static String attention(int task, String part) {
    return "attention." + task + "." + part + ".weight";
  }
}
