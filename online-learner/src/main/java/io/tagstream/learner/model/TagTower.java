package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * MVKE's tag tower: a layer that all tasks share and a linear head per task, {@code [D, e] → [D,
 * d]}.
 *
 * <p>It starts near the identity, as the experts do: before the first step already a user is close
 * to the tags that are in his fields, and learning starts from there instead of from noise.
 */
final class TagTower {

  private final int tasks;
  private final int embedding;
  private final int dimension;
  private final int width;

  /**
   * A tower.
   *
   * @param tasks {@code K}
   * @param embedding {@code e}
   * @param dimension {@code d}
   * @param hidden of which the first is the shared layer's size
   */
  TagTower(int tasks, int embedding, int dimension, List<Integer> hidden) {
    this.tasks = tasks;
    this.embedding = embedding;
    this.dimension = dimension;
    this.width = hidden.isEmpty() ? dimension : hidden.get(0);
  }

  void declare(ParameterSet p) {
    Layers.declarePassing(p, "tag.shared", 1, embedding, width, Layers.split(embedding));
    for (int j = 0; j < tasks; j++) {
      Layers.declarePassing(p, "tag.head." + j, 1, width, dimension, Layers.join(embedding));
    }
  }

  /** The shared layer: {@code [D, e] → [D, h]}. */
  NDArray shared(Weights w, NDArray tags) {
    return Layers.relu(Layers.linear(w, "tag.shared", tags));
  }

  /** {@code E_T^j}: {@code [D, h] → [D, d]}. */
  NDArray head(Weights w, int task, NDArray shared) {
    return Layers.linear(w, "tag.head." + task, shared);
  }
}
