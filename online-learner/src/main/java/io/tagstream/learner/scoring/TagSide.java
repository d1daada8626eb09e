package io.tagstream.learner.scoring;

import io.tagstream.learner.model.Weights;

/**
 * What is known of the scored tags before users come: computed once, used until the model changes.
 * Scores are raw: their logit is {@code scale · score + bias}, before own tags and calibration.
 */
interface TagSide {

  /** Users that are scored at once. */
  int usersPerChunk();

  /** Scores users; to be read before their tensors are closed. */
  Scores score(Weights w, UserChunk users);

  /** Factor and summand of an output's logits. */
  float[] scale(int task);

  /** Raw scores of a chunk of users. */
  @FunctionalInterface
  interface Scores {
    /**
     * Reads a task's scores.
     *
     * @param target receives {@code [users, T]}
     */
    void read(int task, float[] target);
  }
}
