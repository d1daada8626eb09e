package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * A network that says how likely a user's label for an item with a tag is. It knows embedding
 * values and its own parameters, nothing of where they come from or how they are trained.
 *
 * <p>Sizes are those of {@link ModelInputs}, and {@code K} tasks. Everything returned belongs to
 * the manager of the given {@link Weights}.
 */
public interface TagModel {

  /** The parameters, by name and shape; declared once, before the first step. */
  void declare(ParameterSet parameters);

  /**
   * Declares again, by the same names, those parameters of which it reads a frozen copy as well;
   * none by default.
   */
  default void declareCopied(ParameterSet parameters) {}

  /**
   * The forward pass of profile time: of privileged fields nothing is read.
   *
   * @return logits, {@code [R, K]}
   */
  NDArray logits(Weights w, ModelInputs in);

  /** The forward pass of training. */
  default TrainingOutputs training(Weights w, ModelInputs in) {
    return TrainingOutputs.of(logits(w, in));
  }

  /** Scores of all tags as matrix products; null where users are scored tag by tag. */
  default @Nullable FactoredView factored() {
    return null;
  }

  /** How tags choose among experts; null where they do not. */
  default @Nullable GatedByTags gatedByTags() {
    return null;
  }

  /** How tasks choose among units of feature interactions; null where they do not. */
  default @Nullable GatedUnits gatedUnits() {
    return null;
  }
}
