package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;

/** Tags, ready to be multiplied with users. */
public interface FactoredTags {

  /** How many users are scored best at once: their products stay in the processor's cache. */
  int usersAtOnce();

  /**
   * The users' side of every task.
   *
   * @return cosines of a task, each computed when it is asked for
   */
  Cosines with(Weights w, UserInputs users);

  /** Cosines of some users with all tags. */
  @FunctionalInterface
  interface Cosines {
    /** Contiguous, {@code [U, T]}. */
    NDArray of(int task);
  }
}
