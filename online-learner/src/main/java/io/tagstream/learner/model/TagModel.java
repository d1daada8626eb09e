package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;

/**
 * A network that says how likely a user's label for an item with a tag is. It knows embedding
 * values and its own parameters, nothing of where they come from or how they are trained.
 *
 * <p>{@code I} impressions, {@code F} user fields, {@code e} size of an embedding row, {@code R}
 * rows, {@code D} distinct tags, {@code K} tasks. Everything returned belongs to the manager of the
 * given {@link Weights}.
 */
public interface TagModel {

  /** The parameters, by name and shape; declared once, before the first step. */
  void declare(ParameterSet parameters);

  /**
   * The forward pass.
   *
   * @param fields pooled user fields, {@code [I, F·e]}
   * @param tags embedding values of distinct tags, {@code [D, e]}
   * @param rowImpression int64 {@code [R]}: which impression a row belongs to
   * @param rowTag int64 {@code [R]}: which tag
   * @return logits, {@code [R, K]}
   */
  NDArray logits(Weights w, NDArray fields, NDArray tags, NDArray rowImpression, NDArray rowTag);

  /** How profiles are scored. */
  FactoredView factored();
}
