package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * The privileged fields of rows, {@code v_spec}, computed once per impression: what a row has is
 * that of its impression's item, or what stands for missing fields.
 *
 * @param values {@code [N, P·e]}: those of impressions, and behind them the missing ones
 * @param rows int64 {@code [R]}: which a row has
 */
record SpecificFeatures(NDArray values, NDArray rows) {

  /**
   * What training sees.
   *
   * @param missing what stands for missing fields, {@code [1, P·e]}
   * @param blind {@code [R]}: rows that do not see their item
   */
  static SpecificFeatures of(Weights w, ModelInputs in, NDArray missing, boolean[] blind) {
    NDArray items = in.privilegedForTraining();
    int[] impressions = in.features().impression();
    int[] index = new int[blind.length];
    for (int row = 0; row < index.length; row++) {
      index[row] = blind[row] ? Math.toIntExact(items.getShape().get(0)) : impressions[row];
    }
    return new SpecificFeatures(Layers.concat(new NDList(items, missing), 0), w.indices(index));
  }

  /** What a profile sees: nothing of any item. */
  static SpecificFeatures missing(Weights w, ModelInputs in, NDArray missing) {
    return new SpecificFeatures(missing, w.indices(new int[in.features().count()]));
  }
}
