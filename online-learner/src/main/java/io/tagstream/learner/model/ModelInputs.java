package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * What a network sees. {@code I} impressions, {@code F} user fields, {@code P} privileged fields,
 * {@code e} size of an embedding row, {@code R} rows, {@code D} distinct tags.
 *
 * @param fields pooled user fields, {@code [I, F·e]}
 * @param tags embedding values of distinct tags, {@code [D, e]}
 * @param privileged pooled privileged fields of the impressions' items, {@code [I, P·e]}; null
 *     where profiles are scored
 * @param rowImpression int64 {@code [R]}: which impression a row belongs to
 * @param rowTag int64 {@code [R]}: which tag
 * @param features the same rows as ids
 */
public record ModelInputs(
    NDArray fields,
    NDArray tags,
    @Nullable NDArray privileged,
    NDArray rowImpression,
    NDArray rowTag,
    RowFeatures features) {

  /** Inputs with the index tensors of their rows. */
  public static ModelInputs of(
      Weights w, NDArray fields, NDArray tags, @Nullable NDArray privileged, RowFeatures features) {
    return new ModelInputs(
        fields,
        tags,
        privileged,
        w.indices(features.impression()),
        w.indices(features.tag()),
        features);
  }

  /** The inputs without sampled negatives: {@code S} rows. */
  ModelInputs shownRows() {
    if (features.shown() == features.count()) {
      return this;
    }
    return new ModelInputs(
        fields,
        tags,
        privileged,
        Layers.firstRows(rowImpression, features.shown()),
        Layers.firstRows(rowTag, features.shown()),
        features.shownRows());
  }

  /** The impressions' users alone. */
  UserInputs users() {
    return new UserInputs(fields, features.fieldOffsets(), features.fieldIds());
  }

  /** The privileged fields, where training needs them. */
  NDArray privilegedForTraining() {
    if (privileged == null) {
      throw new IllegalStateException("privileged fields are known in training alone");
    }
    return privileged;
  }
}
