package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a network trains on.
 *
 * @param logits {@code [R, K]}: what it says, as at profile time
 * @param auxiliary further logits of the first rows, each with the same weighted cross-entropy in
 *     the loss: {@code [R, K]} of all, or {@code [S, K]} without sampled negatives
 * @param penalty a scalar: further terms of the loss, summed over rows; null for none
 */
public record TrainingOutputs(NDArray logits, List<NDArray> auxiliary, @Nullable NDArray penalty) {

  public TrainingOutputs {
    auxiliary = List.copyOf(auxiliary);
  }

  /** Logits alone. */
  static TrainingOutputs of(NDArray logits) {
    return new TrainingOutputs(logits, List.of(), null);
  }
}
