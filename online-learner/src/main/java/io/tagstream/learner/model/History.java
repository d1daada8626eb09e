package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;

/**
 * A user field as a sequence, element by element where {@link ModelInputs#fields} pools it. {@code
 * I} impressions, {@code S} places, {@code e} size of an embedding row.
 *
 * @param values {@code [I, S·e]}; zeros at places without a known feature
 * @param known {@code [I, S]}: 1 at places with one, else 0
 */
public record History(NDArray values, NDArray known) {

  /**
   * A sequence's tensors.
   *
   * @param values {@code [I, S, e]}
   * @param known {@code [I, S]}
   * @param impressions {@code I}
   * @param trained whether gradients are wanted
   */
  public static History of(
      Weights w, float[] values, boolean[] known, int impressions, boolean trained) {
    float[] mask = new float[known.length];
    for (int n = 0; n < mask.length; n++) {
      mask[n] = known[n] ? 1f : 0f;
    }
    return new History(
        w.input(values, values.length, trained, impressions, values.length / impressions),
        w.input(mask, mask.length, false, impressions, mask.length / impressions));
  }

  /** {@code S}. */
  int places() {
    return Math.toIntExact(known.getShape().get(1));
  }
}
