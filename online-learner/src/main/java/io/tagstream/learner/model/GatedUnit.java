package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;

/**
 * A gated linear unit (Dauphin et al., ICML 2017): {@code GLU(x) = (W x + b) ⊙ σ(V x + c)}, {@code
 * [N, n] → [N, n]}.
 */
record GatedUnit(String name, int width) {

  void declare(ParameterSet set) {
    Layers.declareLinear(set, name + ".value", width, width);
    Layers.declareLinear(set, name + ".gate", width, width);
  }

  /** {@code x + GLU(other)}. */
  NDArray addedTo(Weights w, NDArray x, NDArray other) {
    NDArray gate = Layers.sigmoid(Layers.linear(w, name + ".gate", other));
    return x.add(Layers.linear(w, name + ".value", other).mul(gate));
  }
}
