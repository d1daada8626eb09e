package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;

/** A small network per task, from what the task's experts say to its logit. */
final class TaskTowers {

  private final String name;
  private final int tasks;
  private final int width;
  private final List<Integer> hidden;

  /**
   * Towers.
   *
   * @param tasks {@code K}
   * @param width of what they read
   * @param hidden hidden layer sizes
   */
  TaskTowers(int tasks, int width, List<Integer> hidden) {
    this("tower", tasks, width, hidden);
  }

  /**
   * Towers among others.
   *
   * @param name of their parameters
   */
  TaskTowers(String name, int tasks, int width, List<Integer> hidden) {
    this.name = name;
    this.tasks = tasks;
    this.width = width;
    this.hidden = List.copyOf(hidden);
  }

  void declare(ParameterSet set) {
    for (int k = 0; k < tasks; k++) {
      Layers.declareMlp(set, name + "." + k, width, hidden, 1);
    }
  }

  /** {@code K}. */
  int tasks() {
    return tasks;
  }

  /** One task's logit: {@code [R, width] → [R, 1]}. */
  NDArray logit(Weights w, int task, NDArray input) {
    return Layers.mlp(w, name + "." + task, input, hidden.size());
  }

  /** The logits of all tasks, each from its own input: {@code K × [R, width] → [R, K]}. */
  NDArray logits(Weights w, List<NDArray> inputs) {
    NDList outputs = new NDList();
    for (int k = 0; k < tasks; k++) {
      outputs.add(logit(w, k, inputs.get(k)));
    }
    return Layers.concat(outputs, 1);
  }
}
