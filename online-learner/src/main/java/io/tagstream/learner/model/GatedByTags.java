package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;

/** How tags choose among experts of the user's side. */
public interface GatedByTags {

  /** Numbers of an output's experts, {@code [m]}. */
  int[] experts(int output);

  /**
   * How much each of an output's experts counts for tags; a tag's weights sum to 1.
   *
   * @param tags embedding values, {@code [T, e]}
   * @return {@code [T, m]}
   */
  NDArray gates(Weights w, int output, NDArray tags);
}
