package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * A view of tag vectors that no user changes. Per task {@code k} with {@code m} vectors of a user:
 *
 * <p>{@code cos = ⟨V_u, M_t⟩ / √max(⟨G_u, Q_t⟩, ε)}, where {@code V_u [m·d]} are the user's
 * vectors, {@code G_u [m·m]} their Gram matrix, {@code M_t [m·d] = a_t ⊗ E_t / ‖E_t‖} and {@code
 * Q_t [m·m] = a_t ⊗ a_t}.
 */
interface CosineView extends FactoredView {

  /**
   * A side of the product.
   *
   * @param vectors {@code V [U, m·d]} of users, {@code M [T, m·d]} of tags
   * @param squares {@code G [U, m·m]} of users, {@code Q [T, m·m]} of tags
   */
  record Side(NDArray vectors, NDArray squares) {}

  /** The user side of every task, in task order. */
  List<Side> users(Weights w, UserInputs users);

  /**
   * The tag side of every task, in task order.
   *
   * @param tags embedding values, {@code [T, e]}
   */
  List<Side> tags(Weights w, NDArray tags);

  @Override
  default FactoredTags tagSide(Weights w, NDArray tags, NDManager owner) {
    return new CosineTags(this, tags(w, tags), owner);
  }
}
