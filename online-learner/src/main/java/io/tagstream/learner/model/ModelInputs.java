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
 * @param history a user field as a sequence; null for networks that read none
 * @param frozen the same for the frozen copy of a part of the network; null without one
 */
public record ModelInputs(
    NDArray fields,
    NDArray tags,
    @Nullable NDArray privileged,
    NDArray rowImpression,
    NDArray rowTag,
    RowFeatures features,
    @Nullable History history,
    @Nullable FrozenInputs frozen) {

  /** Inputs of networks that read neither a sequence nor a frozen copy. */
  ModelInputs(
      NDArray fields,
      NDArray tags,
      @Nullable NDArray privileged,
      NDArray rowImpression,
      NDArray rowTag,
      RowFeatures features) {
    this(fields, tags, privileged, rowImpression, rowTag, features, null, null);
  }

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

  /** The same with a user field as a sequence. */
  public ModelInputs withHistory(@Nullable History value) {
    return new ModelInputs(
        fields, tags, privileged, rowImpression, rowTag, features, value, frozen);
  }

  /** The same with what a frozen copy reads. */
  public ModelInputs withFrozen(@Nullable FrozenInputs value) {
    return new ModelInputs(
        fields, tags, privileged, rowImpression, rowTag, features, history, value);
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
        features.shownRows(),
        history,
        frozen == null ? null : new FrozenInputs(frozen.weights(), frozen.inputs().shownRows()));
  }

  /** Some of the rows, ascending. */
  ModelInputs of(Weights w, int[] rows) {
    RowFeatures chosen = features.of(rows);
    FrozenInputs copied =
        frozen == null
            ? null
            : new FrozenInputs(frozen.weights(), frozen.inputs().of(frozen.weights(), rows));
    return of(w, fields, tags, privileged, chosen).withHistory(history).withFrozen(copied);
  }

  /** The impressions' users alone. */
  UserInputs users() {
    UserInputs.Frozen copied =
        frozen == null ? null : new UserInputs.Frozen(frozen.weights(), frozen.inputs().fields());
    return new UserInputs(fields, features.fieldOffsets(), features.fieldIds(), copied);
  }

  /** The privileged fields, where training needs them. */
  NDArray privilegedForTraining() {
    if (privileged == null) {
      throw new IllegalStateException("privileged fields are known in training alone");
    }
    return privileged;
  }

  /** The sequence, where a network reads one. */
  History historyForReading() {
    if (history == null) {
      throw new IllegalStateException("no user field was given as a sequence");
    }
    return history;
  }

  /** The frozen copy, where a network has one. */
  FrozenInputs frozenForReading() {
    if (frozen == null) {
      throw new IllegalStateException("no frozen copy was given");
    }
    return frozen;
  }
}
