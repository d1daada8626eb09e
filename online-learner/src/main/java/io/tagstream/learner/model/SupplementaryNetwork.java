package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * CTMVM's supplementary network {@code ŷ_s = Φ_s(X^u, X^t, X^p)} (eq. 5), which learns labels from
 * the privileged fields themselves, and with that their embeddings. It shares embeddings with the
 * network beside it, not layers, and runs in training alone.
 */
final class SupplementaryNetwork {

  private final PairTower tower;

  /**
   * A network.
   *
   * @param input what a row is
   * @param width of all privileged fields together, {@code P·e}
   * @param hidden hidden layer sizes
   * @param tasks {@code K}
   */
  SupplementaryNetwork(PairInput input, int width, List<Integer> hidden, int tasks) {
    this.tower = new PairTower("supplementary", input, width, hidden, tasks);
  }

  void declare(ParameterSet parameters) {
    tower.declare(parameters);
  }

  /** {@code [S, K]}, of rows without sampled negatives; an impression's part is computed once. */
  NDArray logits(Weights w, ModelInputs shown) {
    NDArray privileged = tower.further(w, shown.privilegedForTraining());
    NDArray ofRows = Layers.rows(privileged, shown.rowImpression());
    return tower.logits(w, tower.pair(w, shown).add(ofRows));
  }
}
