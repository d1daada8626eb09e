package io.tagstream.learner.training;

import org.jspecify.annotations.Nullable;

/** What one training step did. Arrays belong to the caller. */
public final class StepReport {
  private final long step;
  private final @Nullable String quarantineReason;
  private final double loss;
  private final double gradientNorm;
  private final float[] predictions;
  private final float[] stagePredictions;
  private final int sampledRows;
  private final long copySwaps;

  public StepReport(
      long step,
      @Nullable String quarantineReason,
      double loss,
      double gradientNorm,
      float[] predictions,
      float[] stagePredictions,
      int sampledRows,
      long copySwaps) {
    this.step = step;
    this.quarantineReason = quarantineReason;
    this.loss = loss;
    this.gradientNorm = gradientNorm;
    this.predictions = predictions;
    this.stagePredictions = stagePredictions;
    this.sampledRows = sampledRows;
    this.copySwaps = copySwaps;
  }

  /** Steps applied so far, this one included when it was applied. */
  public long step() {
    return step;
  }

  /** Why the batch was not applied, with the figure; null when it was. */
  public @Nullable String quarantineReason() {
    return quarantineReason;
  }

  /** Mean loss per impression; not finite only in a refused batch. */
  public double loss() {
    return loss;
  }

  /** L2 norm over dense gradients and row gradients. */
  public double gradientNorm() {
    return gradientNorm;
  }

  /**
   * {@code [R, K]}: probabilities of the batch's rows, made before the step; where an impression's
   * tags are pooled, each of its rows has that of the impression.
   */
  public float[] predictions() {
    return predictions;
  }

  /** {@code [I, K]}: the stage head's {@code ỹ}; 0 when it is off. */
  public float[] stagePredictions() {
    return stagePredictions;
  }

  /** Rows added as sampled negatives. */
  public int sampledRows() {
    return sampledRows;
  }

  /**
   * Times the network's frozen copy was swapped up to here, this step included: where it has grown,
   * the next step's predictions are the first by the new copy. 0 for networks without one.
   */
  public long copySwaps() {
    return copySwaps;
  }

  /** Whether parameters and rows were changed. */
  public boolean applied() {
    return quarantineReason == null;
  }
}
