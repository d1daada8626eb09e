package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    declareLinear(set, name, 0, out);
  }

  /**
   * Declares a layer on {@code [user; tag; m]}, {@code m} of so many values further: {@code W_m
   * [out, further]} beside the two other parts.
   */
  void declareLinear(ParameterSet set, String name, int further, int out) {
    long width = (long) userWidth + tagWidth + further;
    if (further > 0) {
      set.glorot(name + ".further.weight", width, out, out, further);
    }
    set.glorot(name + ".user.weight", width, out, out, userWidth);
    set.glorot(name + ".tag.weight", width, out, out, tagWidth);
    set.zeros(name + ".bias", out);
  }

  /** {@code W [user; tag] + b} of every row: {@code [R, out]}. */
  NDArray linear(Weights w, String name, ModelInputs in) {
    NDArray user = Layers.rows(userPart(w, name, in), in.rowImpression());
    return user.add(Layers.rows(tagPart(w, name, in), in.rowTag()));
  }

  /**
   * {@code W [user; tag; m] + b} of every row, {@code m [R, further]}; without {@code m} if null.
   */
  NDArray linear(Weights w, String name, ModelInputs in, @Nullable NDArray m) {
    NDArray pair = linear(w, name, in);
    return m == null ? pair : pair.add(further(w, name, m));
  }

  /** {@code W_u u + b} of every impression: {@code [I, out]}. */
  NDArray userPart(Weights w, String name, ModelInputs in) {
    return Layers.linear(in.fields(), w.get(name + ".user.weight"), w.get(name + ".bias"));
  }

  /** {@code W_t t} of every distinct tag: {@code [D, out]}. */
  NDArray tagPart(Weights w, String name, ModelInputs in) {
    return in.tags().matMul(w.get(name + ".tag.weight").transpose());
  }

  /**
   * {@code W_m m}, to be added to {@link #linear}: {@code [n, further] → [n, out]}, computed where
   * {@code m} differs, per row, per distinct tag or per impression.
   */
  static NDArray further(Weights w, String name, NDArray m) {
    return m.matMul(w.get(name + ".further.weight").transpose());
  }

  /** Declares an expert: a chain of layers from {@code x} over {@code hidden} to {@code out}. */
  void declareExpert(ParameterSet set, String name, List<Integer> hidden, int out) {
    declareExpert(set, name, 0, hidden, out);
  }

  /** Declares an expert on {@code [user; tag; m]}, {@code m} of so many values further. */
  void declareExpert(ParameterSet set, String name, int further, List<Integer> hidden, int out) {
    if (hidden.isEmpty()) {
      declareLinear(set, name + ".0", further, out);
      return;
    }
    declareLinear(set, name + ".0", further, hidden.get(0));
    Layers.declareMlp(set, name + ".then", hidden.get(0), hidden.subList(1, hidden.size()), out);
  }

  /** ReLU behind every layer, the last one included: {@code [R, out]}. */
  NDArray expert(Weights w, String name, ModelInputs in, int hiddenLayers) {
    return expert(w, name, in, null, hiddenLayers);
  }

  /** As {@link #expert(Weights, String, ModelInputs, int)} with {@code m [R, further]}. */
  NDArray expert(Weights w, String name, ModelInputs in, @Nullable NDArray m, int hiddenLayers) {
    NDArray first = Layers.relu(linear(w, name + ".0", in, m));
    return hiddenLayers == 0
        ? first
        : Layers.relu(Layers.mlp(w, name + ".then", first, hiddenLayers - 1));
  }
}
