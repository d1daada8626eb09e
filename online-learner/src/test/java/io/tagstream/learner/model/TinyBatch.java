package io.tagstream.learner.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;

/** A tiny batch with random embedding values, and what a network computes of it. */
final class TinyBatch {

  static final int I = 3;
  static final int F = 4;
  static final int E = 5;
  static final int D = 2;
  static final int[] ROW_IMPRESSION = {0, 0, 1, 2, 2};
  static final int[] ROW_TAG = {0, 1, 1, 0, 1};

  /** Bags of no, one and two ids; impressions 0 and 2 differ in the order of one bag alone. */
  static final RowFeatures ROWS =
      new RowFeatures(
          ROW_IMPRESSION,
          ROW_TAG,
          new long[] {70, 71},
          new int[] {0, 1, 3, 3, 4, 5, 5, 7, 8, 9, 11, 11, 12},
          new long[] {11, 12, 13, 14, 15, 16, 17, 14, 11, 13, 12, 14});

  final float[] fields;
  final float[] tags;

  /** User fields as a frozen copy has them, and its parameters; none without one. */
  float[] copiedFields = new float[0];

  private @Nullable ParameterSet copy;

  TinyBatch(SplittableRandom random) {
    fields = PlainLayers.uniform(random, I * F * E);
    tags = PlainLayers.uniform(random, D * E);
  }

  /** Has networks read a frozen copy with these parameters. */
  void freeze(ParameterSet parameters, SplittableRandom random) {
    copy = parameters;
    copiedFields = PlainLayers.uniform(random, fields.length);
  }

  private ModelInputs inputs(Weights w) {
    ModelInputs in = inputs(w, fields);
    if (copy == null) {
      return in;
    }
    Weights frozen = new Weights(w.manager(), new HostBuffer(), copy, false);
    return in.withFrozen(new FrozenInputs(frozen, inputs(frozen, copiedFields)));
  }

  private ModelInputs inputs(Weights w, float[] users) {
    NDArray x = w.input(users, users.length, false, I, F * E);
    NDArray t = w.input(tags, tags.length, false, D, E);
    return ModelInputs.of(w, x, t, null, ROWS);
  }

  static int rows() {
    return ROW_TAG.length;
  }

  /** The user's fields of a row, {@code [F·e]}. */
  double[] user(int row) {
    return PlainLayers.slice(fields, ROW_IMPRESSION[row] * F * E, F * E);
  }

  /** The tag of a row, {@code [e]}. */
  double[] tag(int row) {
    return PlainLayers.slice(tags, ROW_TAG[row] * E, E);
  }

  /** What a model says, {@code [R, K]}. */
  float[] logits(TagModel model, ParameterSet set) {
    return read(set, model::logits);
  }

  /** The values of what a network computes. */
  float[] read(ParameterSet set, BiFunction<Weights, ModelInputs, NDArray> network) {
    return compute(set, (w, in) -> Weights.read(network.apply(w, in)));
  }

  /** What is computed while the batch's tensors live. */
  <T> T compute(ParameterSet set, BiFunction<Weights, ModelInputs, T> network) {
    try (NDManager manager = Tensors.cpu()) {
      Weights w = new Weights(manager, new HostBuffer(), set, false);
      return network.apply(w, inputs(w));
    }
  }

  /** The summed absolute gradient that a parameter gets of the sum of what is computed. */
  double gradient(
      ParameterSet set, String parameter, BiFunction<Weights, ModelInputs, NDArray> network) {
    try (NDManager manager = Tensors.cpu()) {
      JniUtils.setGradMode(true);
      Weights w = new Weights(manager, new HostBuffer(), set, true);
      NDArray output = network.apply(w, inputs(w));
      Weights.backward(output, output.onesLike(), false);
      float[] gradient = new float[Math.toIntExact(w.get(parameter).size())];
      double sum = 0;
      if (Weights.readGradient(w.get(parameter), gradient)) {
        for (float value : gradient) {
          sum += Math.abs(value);
        }
      }
      return sum;
    }
  }

  /** Every row's logit from products of users and tags is the one of the forward pass. */
  void assertFactoredEqualsPairwise(TagModel model, ParameterSet set, Offset<Double> close) {
    float[] pairwise = logits(model, set);
    FactoredView view = Objects.requireNonNull(model.factored());
    float[][] scales = view.scales(set);
    int tasks = pairwise.length / rows();
    try (NDManager manager = Tensors.cpu()) {
      Weights w = new Weights(manager, new HostBuffer(), set, false);
      ModelInputs in = inputs(w);
      FactoredTags.Cosines cosines = view.tagSide(w, in.tags(), manager).with(w, in.users());
      for (int k = 0; k < tasks; k++) {
        float[] all = Weights.read(cosines.of(k));
        for (int r = 0; r < rows(); r++) {
          double cosine = all[ROW_IMPRESSION[r] * D + ROW_TAG[r]];
          assertThat(scales[0][k] * cosine + scales[1][k])
              .isCloseTo(pairwise[r * tasks + k], close);
        }
      }
    }
  }
}
