package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.ModelConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Hard parameter sharing (Caruana 1997; MMoE eq. 1): {@code y_k = h^k(f(x))}, one bottom {@code f}
 * for all tasks and a tower {@code h^k} per task. With a bottom of each task's own it is a
 * single-task network per task, nothing shared but the embeddings.
 *
 * <p>{@code f: [R, F·e + e] → [R, d]}, {@code h^k: [R, d] → [R, 1]}.
 */
final class SharedBottom implements TagModel {

  private final int tasks;
  private final boolean shared;
  private final PairInput input;
  private final List<Integer> hidden;
  private final int dimension;
  private final TaskTowers towers;

  /**
   * A network.
   *
   * @param tasks {@code K}
   * @param input what a row is
   * @param shared whether all tasks have one bottom
   */
  SharedBottom(int tasks, PairInput input, ModelConfig sizes, boolean shared) {
    this.tasks = tasks;
    this.shared = shared;
    this.input = input;
    this.hidden = sizes.hidden();
    this.dimension = sizes.dimension();
    this.towers = new TaskTowers(tasks, dimension, sizes.multiTask().tower());
  }

  @Override
  public void declare(ParameterSet parameters) {
    for (int bottom = 0; bottom < (shared ? 1 : tasks); bottom++) {
      input.declareExpert(parameters, "bottom." + bottom, hidden, dimension);
    }
    towers.declare(parameters);
  }

  @Override
  public NDArray logits(Weights w, ModelInputs in) {
    if (shared) {
      NDArray bottom = input.expert(w, "bottom.0", in, hidden.size());
      return towers.logits(w, Collections.nCopies(tasks, bottom));
    }
    List<NDArray> bottoms = new ArrayList<>();
    for (int k = 0; k < tasks; k++) {
      bottoms.add(input.expert(w, "bottom." + k, in, hidden.size()));
    }
    return towers.logits(w, bottoms);
  }
}
