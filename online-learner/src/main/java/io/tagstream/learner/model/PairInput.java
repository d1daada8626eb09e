package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * The first layer of networks that score a user and a tag together, on {@code x = [user; tag]} of
 * every row. {@code W x = W_u u + W_t t}: the user's part is computed once per impression and the
 * tag's once per tag, and rows only add them.
 */
final class PairInput {

  private final int userWidth;
  private final int tagWidth;

  /**
   * An input.
   *
   * @param fields number of user fields, {@code F}
   * @param embedding size of an embedding row, {@code e}
   */
  PairInput(int fields, int embedding) {
    this.userWidth = fields * embedding;
    this.tagWidth = embedding;
  }

  /** Declares {@code W [out, F·e + e]} in its two parts, and {@code b [out]}. */
  void declareLinear(ParameterSet set, String name, int out) {
    long width = (long) userWidth + tagWidth;
    set.glorot(name + ".user.weight", width, out, out, userWidth);
    set.glorot(name + ".tag.weight", width, out, out, tagWidth);
    set.zeros(name + ".bias", out);
  }

  /** {@code W [user; tag] + b} of every row: {@code [R, out]}. */
  NDArray linear(Weights w, String name, ModelInputs in) {
    NDArray user = Layers.linear(in.fields(), w.get(name + ".user.weight"), w.get(name + ".bias"));
    NDArray tag = in.tags().matMul(w.get(name + ".tag.weight").transpose());
    return Layers.rows(user, in.rowImpression()).add(Layers.rows(tag, in.rowTag()));
  }

  /** Declares an expert: a chain of layers from {@code x} over {@code hidden} to {@code out}. */
  void declareExpert(ParameterSet set, String name, List<Integer> hidden, int out) {
    if (hidden.isEmpty()) {
      declareLinear(set, name + ".0", out);
      return;
    }
    declareLinear(set, name + ".0", hidden.get(0));
    Layers.declareMlp(set, name + ".then", hidden.get(0), hidden.subList(1, hidden.size()), out);
  }

  /** ReLU behind every layer, the last one included: {@code [R, out]}. */
  NDArray expert(Weights w, String name, ModelInputs in, int hiddenLayers) {
    NDArray first = Layers.relu(linear(w, name + ".0", in));
    return hiddenLayers == 0
        ? first
        : Layers.relu(Layers.mlp(w, name + ".then", first, hiddenLayers - 1));
  }
}
