package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a network trains on.
 *
 * @param logits {@code [R, K]}: what the first cross-entropy is of
 * @param auxiliary further logits of some rows, each with the same weighted cross-entropy in the
 *     loss
 * @param penalty a scalar: further terms of the loss, summed over rows; null for none
 * @param reported {@code [R, K]}: what it says at profile time, where it trains on something else
 *     than that; null where {@code logits} are it
 */
public record TrainingOutputs(
    NDArray logits,
    List<Auxiliary> auxiliary,
    @Nullable NDArray penalty,
    @Nullable NDArray reported) {

  public TrainingOutputs {
    auxiliary = List.copyOf(auxiliary);
  }

  /** Trained as scored. */
  TrainingOutputs(NDArray logits, List<Auxiliary> auxiliary, @Nullable NDArray penalty) {
    this(logits, auxiliary, penalty, null);
  }

  /** What is said of the rows at profile time: reported apart, or the logits that are trained. */
  public NDArray atProfileTime() {
    return reported == null ? logits : reported;
  }

  /** Logits alone. */
  static TrainingOutputs of(NDArray logits) {
    return new TrainingOutputs(logits, List.of(), null);
  }
}
