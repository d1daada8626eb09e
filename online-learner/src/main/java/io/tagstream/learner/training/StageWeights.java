package io.tagstream.learner.training;

/** Weighs a batch's task losses by the users' life-cycle stages. */
@FunctionalInterface
public interface StageWeights {

  /** Every weight is 1. */
  StageWeights ONES = (predictions, gamma) -> java.util.Arrays.fill(gamma, 1f);

  /**
   * Called once per step, after the stage head's forward pass and before the loss.
   *
   * @param predictions the stage head's {@code ỹ}, {@code [I, K]}, made before the step
   * @param gamma to be filled with {@code γ}, {@code [I, K]}; not negative
   */
  void weigh(float[] predictions, float[] gamma);
}
