package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;

/**
 * Scores of all tags for many users as matrix products, {@code O(users + tags)} network passes
 * (MVKE section 4.3). Per task {@code k} with {@code m} vectors of a user:
 *
 * <p>{@code cos = ⟨V_u, M_t⟩ / √max(⟨G_u, Q_t⟩, ε)}, where {@code V_u [m·d]} are the user's
 * vectors, {@code G_u [m·m]} their Gram matrix, {@code M_t [m·d] = a_t ⊗ E_t / ‖E_t‖} and {@code
 * Q_t [m·m] = a_t ⊗ a_t}; then {@code logit = e^θ cos + b}.
 */
public interface FactoredView {

  /**
   * Smallest squared norm a cosine divides by, in training and in scoring alike. A user without
   * known features starts as a zero vector; this bounds the gradient that first moves it to a
   * hundredfold.
   */
  float EPSILON = 1e-4f;

  /**
   * A side of the product.
   *
   * @param vectors {@code V [U, m·d]} of users, {@code M [T, m·d]} of tags
   * @param squares {@code G [U, m·m]} of users, {@code Q [T, m·m]} of tags
   */
  record Side(NDArray vectors, NDArray squares) {}

  /**
   * The user side of every task, in task order.
   *
   * @param fields pooled user fields, {@code [U, F·e]}
   */
  java.util.List<Side> users(Weights w, NDArray fields);

  /**
   * The tag side of every task, in task order.
   *
   * @param tags embedding values, {@code [T, e]}
   */
  java.util.List<Side> tags(Weights w, NDArray tags);

  /** Per task {@code e^θ} and {@code b}: {@code [2][K]}. */
  float[][] scales(ParameterSet parameters);
}
