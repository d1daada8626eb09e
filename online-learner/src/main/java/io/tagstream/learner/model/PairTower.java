package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * One tower on {@code x = [user; tag; m]} with tanh between layers and an output per task, {@code
 * Φ: [R, F·e + e + |m|] → [R, K]} (CTMVM section 4.1.5). What is the same in several passes over a
 * row, {@code W_u u + W_t t + b} of the first layer, is computed by itself.
 */
final class PairTower {

  private final String name;
  private final PairInput input;
  private final int further;
  private final List<Integer> hidden;
  private final int tasks;

  /**
   * A tower.
   *
   * @param name of its parameters
   * @param further {@code |m|}; 0 for none
   * @param hidden hidden layer sizes
   * @param tasks {@code K}
   */
  PairTower(String name, PairInput input, int further, List<Integer> hidden, int tasks) {
    this.name = name;
    this.input = input;
    this.further = further;
    this.hidden = List.copyOf(hidden);
    this.tasks = tasks;
  }

  void declare(ParameterSet set) {
    if (hidden.isEmpty()) {
      input.declareLinear(set, name + ".0", further, tasks);
      return;
    }
    int first = hidden.get(0);
    input.declareLinear(set, name + ".0", further, first);
    Layers.declareMlp(set, name + ".then", first, hidden.subList(1, hidden.size()), tasks);
  }

  /** User's and tag's part of the first layer, before tanh: {@code [R, h]}. */
  NDArray pair(Weights w, ModelInputs in) {
    return input.linear(w, name + ".0", in);
  }

  /** The further part of the first layer, before tanh: {@code [n, |m|] → [n, h]}. */
  NDArray further(Weights w, NDArray m) {
    return PairInput.further(w, name + ".0", m);
  }

  /** Logits from the sum of the first layer's parts: {@code [R, h] → [R, K]}. */
  NDArray logits(Weights w, NDArray first) {
    return hidden.isEmpty()
        ? first
        : Layers.tanhMlp(w, name + ".then", Layers.tanh(first), hidden.size() - 1);
  }
}
