package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;

/**
 * One way to let the fields of an instance interact, {@code [N, n, e] → [N, out]}. Holds sizes
 * alone: the same unit serves under several names, each with parameters of its own.
 */
interface InteractionUnit {

  /** Declares the parameters of one use of the unit. */
  void declare(ParameterSet set, String name);

  /** What a use of the unit makes of the fields, {@code [N, out]}. */
  NDArray forward(Weights w, String name, InteractionInput in);
}
