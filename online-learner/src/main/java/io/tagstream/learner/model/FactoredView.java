package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Scores of all tags for many users as matrix products, {@code O(users + tags)} network passes
 * (MVKE section 4.3). A score is a cosine {@code c}, its logit {@code e^θ c + b}.
 */
public interface FactoredView {

  /**
   * Smallest squared norm a cosine divides by, in training and in scoring alike. A user without
   * known features starts as a zero vector; this bounds the gradient that first moves it to a
   * hundredfold.
   */
  float EPSILON = 1e-4f;

  /**
   * The tags' side, which serves until the model changes.
   *
   * @param tags embedding values, {@code [T, e]}
   * @param owner of the tensors that the side keeps
   */
  FactoredTags tagSide(Weights w, NDArray tags, NDManager owner);

  /** Per task {@code e^θ} and {@code b}: {@code [2][K]}. */
  float[][] scales(ParameterSet parameters);
}
