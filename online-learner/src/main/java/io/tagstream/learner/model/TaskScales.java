package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;

/**
 * From cosines to logits: {@code e^{θ_k} cos + b_k}, learnt per task from {@code θ = b = 0}. The
 * paper's {@code σ(cos)} keeps probabilities in {@code [0.27, 0.73]} and so cannot be calibrated
 * but on the whole ({@link CalibrationTerm}); fixed scales give it all the same.
 */
final class TaskScales {

  private static final String THETA = "scale.theta";
  private static final String BIAS = "scale.bias";

  /**
   * A bias has to travel from even odds to a rare task's rate, about −4, before anything is
   * calibrated; at the rate of the other weights that takes thousands of steps.
   */
  private static final float RATE = 10f;

  private final String name;
  private final int tasks;
  private final boolean fixed;

  TaskScales(int tasks, boolean fixed) {
    this("", tasks, fixed);
  }

  /**
   * Scales.
   *
   * @param name what their parameters' names begin with
   */
  TaskScales(String name, int tasks, boolean fixed) {
    this.name = name;
    this.tasks = tasks;
    this.fixed = fixed;
  }

  void declare(ParameterSet parameters) {
    if (!fixed) {
      parameters.zerosAtRate(name + THETA, RATE, tasks);
      parameters.zerosAtRate(name + BIAS, RATE, tasks);
    }
  }

  /** {@code [R, K] → [R, K]}. */
  NDArray apply(Weights w, NDArray cosines) {
    return fixed ? cosines : cosines.mul(w.get(name + THETA).exp()).add(w.get(name + BIAS));
  }

  float[][] values(ParameterSet parameters) {
    float[][] values = new float[2][tasks];
    for (int k = 0; k < tasks; k++) {
      values[0][k] = fixed ? 1f : (float) Math.exp(parameters.values(name + THETA)[k]);
      values[1][k] = fixed ? 0f : parameters.values(name + BIAS)[k];
    }
    return values;
  }
}
