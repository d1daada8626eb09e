package io.tagstream.learner.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Every network against its equations written out in plain Java, on tiny tensors. */
class NetworkEquationsTest {

  private static final int I = 3;
  private static final int F = 4;
  private static final int E = 5;
  private static final int D = 2;
  private static final int OUT = 6;
  private static final int TASKS = 2;
  private static final List<Integer> HIDDEN = List.of(7);
  private static final int[] ROW_IMPRESSION = {0, 0, 1, 2, 2};
  private static final int[] ROW_TAG = {0, 1, 1, 0, 1};
  private static final RowFeatures ROWS =
      new RowFeatures(ROW_IMPRESSION, ROW_TAG, new long[D], new int[I * F + 1], new long[0]);
  private static final List<int[]> EXPERTS = List.of(new int[] {0, 1}, new int[] {1, 2, 3});
  private static final Offset<Double> CLOSE = Offset.offset(1e-5);

  private final SplittableRandom random = new SplittableRandom(23);
  private final float[] fields = uniform(I * F * E);
  private final float[] tags = uniform(D * E);
  private final Map<String, Parameter> byName = new HashMap<>();

  private float[] uniform(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /** Parameters with random values everywhere, biases and scales included. */
  private ParameterSet randomised(ParameterSet set) {
    for (Parameter parameter : set.all()) {
      System.arraycopy(uniform(parameter.size()), 0, parameter.values(), 0, parameter.size());
      byName.put(parameter.name(), parameter);
    }
    return set;
  }

  private float[] logits(TagModel model, ParameterSet set) {
    try (NDManager manager = Tensors.cpu()) {
      Weights w = new Weights(manager, new HostBuffer(), set, false);
      NDArray x = w.input(fields, fields.length, false, I, F * E);
      NDArray t = w.input(tags, tags.length, false, D, E);
      return Weights.read(model.logits(w, ModelInputs.of(w, x, t, null, ROWS)));
    }
  }

  @Test
  void twoTower() {
    TwoTower model = new TwoTower(TASKS, F, E, OUT, HIDDEN, false);
    ParameterSet set = new ParameterSet(1);
    model.declare(set);
    float[] actual = logits(model, randomised(set));
    for (int r = 0; r < ROW_TAG.length; r++) {
      for (int k = 0; k < TASKS; k++) {
        double[] user = mlp("user." + k, slice(fields, ROW_IMPRESSION[r] * F * E, F * E), 1);
        double[] tag = mlp("tag." + k, slice(tags, ROW_TAG[r] * E, E), 1);
        assertThat((double) actual[r * TASKS + k]).isCloseTo(scaled(k, cos(user, tag)), CLOSE);
      }
    }
  }

  @Test
  void fixedScaleGivesBareCosines() {
    TwoTower model = new TwoTower(1, F, E, OUT, HIDDEN, true);
    ParameterSet set = new ParameterSet(1);
    model.declare(set);
    float[] actual = logits(model, randomised(set));
    assertThat(byName).doesNotContainKey("scale.theta");
    double[] user = mlp("user.0", slice(fields, 0, F * E), 1);
    double[] tag = mlp("tag.0", slice(tags, 0, E), 1);
    assertThat((double) actual[0]).isCloseTo(cos(user, tag), CLOSE);
  }

  @Test
  void mvke() {
    Mvke model = new Mvke(F, E, OUT, HIDDEN, EXPERTS, false);
    ParameterSet set = new ParameterSet(1);
    model.declare(set);
    float[] actual = logits(model, randomised(set));
    for (int r = 0; r < ROW_TAG.length; r++) {
      double[][] experts = new double[4][];
      for (int k = 0; k < 4; k++) {
        experts[k] = mlp("expert." + k, pooledExpert(ROW_IMPRESSION[r], k), 1);
      }
      double[] shared =
          relu(linear("tag.shared", slice(tags, ROW_TAG[r] * E, E), 0, HIDDEN.get(0)));
      for (int j = 0; j < TASKS; j++) {
        double[] tag = linear("tag.head." + j, shared, 0, OUT);
        double[] gate = gate(j, tag);
        double[] user = new double[OUT];
        for (int n = 0; n < gate.length; n++) {
          double[] value = linear("gate.value." + j, experts[EXPERTS.get(j)[n]], 0, OUT);
          for (int c = 0; c < OUT; c++) {
            user[c] += gate[n] * value[c];
          }
        }
        assertThat((double) actual[r * TASKS + j]).isCloseTo(scaled(j, cos(user, tag)), CLOSE);
      }
    }
  }

  /** Eq. 4 and 5 and the sum over fields. */
  private double[] pooledExpert(int impression, int k) {
    double[] kernel = slice(byName.get("kernels").values(), k * E, E);
    double[] query = new double[E];
    for (int c = 0; c < E; c++) {
      query[c] = byName.get("expert.query.bias").values()[k * E + c];
      for (int a = 0; a < E; a++) {
        query[c] += kernel[a] * byName.get("expert.query.weight").values()[(k * E + a) * E + c];
      }
      query[c] = Math.tanh(query[c]);
    }
    double[] scores = new double[F];
    double[][] values = new double[F][];
    for (int f = 0; f < F; f++) {
      double[] x = slice(fields, (impression * F + f) * E, E);
      double[] key = tanh(linear("expert.key", x, k * E, E));
      values[f] = tanh(linear("expert.value", x, k * E, E));
      scores[f] = dot(query, key) / Math.sqrt(E);
    }
    double[] attention = softmax(scores);
    double[] sum = new double[E];
    for (int f = 0; f < F; f++) {
      for (int c = 0; c < E; c++) {
        sum[c] += attention[f] * values[f][c];
      }
    }
    return sum;
  }

  /** Eq. 7's weights. */
  private double[] gate(int task, double[] tag) {
    double[] query = tanh(linear("gate.query." + task, tag, 0, E));
    int[] own = EXPERTS.get(task);
    double[] scores = new double[own.length];
    for (int n = 0; n < own.length; n++) {
      double[] kernel = slice(byName.get("kernels").values(), own[n] * E, E);
      scores[n] = dot(query, tanh(linear("gate.key." + task, kernel, 0, E))) / Math.sqrt(E);
    }
    return softmax(scores);
  }

  @Test
  void stagePreferenceHead() {
    StagePreferenceHead head = new StagePreferenceHead(TASKS, F, E);
    ParameterSet set = new ParameterSet(1);
    head.declare(set);
    randomised(set);
    float[] actual;
    try (NDManager manager = Tensors.cpu()) {
      Weights w = new Weights(manager, new HostBuffer(), set, false);
      actual = Weights.read(head.logits(w, w.input(fields, fields.length, false, I, F * E)));
    }
    for (int i = 0; i < I; i++) {
      double[][] extracted = new double[F][];
      for (int f = 0; f < F; f++) {
        extracted[f] = mlp("stage", slice(fields, (i * F + f) * E, E), 1);
      }
      for (int k = 0; k < TASKS; k++) {
        float[] attention = byName.get("stage.attention." + k + ".weight").values();
        double[] flat = new double[F * E];
        for (int c = 0; c < E; c++) {
          double[] scores = new double[F];
          for (int f = 0; f < F; f++) {
            for (int a = 0; a < E; a++) {
              scores[f] += extracted[f][a] * attention[a * E + c];
            }
          }
          double[] weights = softmax(scores);
          for (int f = 0; f < F; f++) {
            flat[f * E + c] = extracted[f][c] * weights[f];
          }
        }
        double expected = linear("stage.out." + k, flat, 0, 1)[0];
        assertThat((double) actual[i * TASKS + k]).isCloseTo(expected, CLOSE);
      }
    }
  }

  @Test
  void factoredEqualsPairwise() {
    for (TagModel model :
        List.of(
            new TwoTower(TASKS, F, E, OUT, HIDDEN, false),
            new Mvke(F, E, OUT, HIDDEN, EXPERTS, false))) {
      ParameterSet set = new ParameterSet(1);
      model.declare(set);
      randomised(set);
      float[] pairwise = logits(model, set);
      FactoredView view = Objects.requireNonNull(model.factored());
      float[][] scales = view.scales(set);
      try (NDManager manager = Tensors.cpu()) {
        Weights w = new Weights(manager, new HostBuffer(), set, false);
        List<FactoredView.Side> users =
            view.users(w, w.input(fields, fields.length, false, I, F * E));
        List<FactoredView.Side> tagSides = view.tags(w, w.input(tags, tags.length, false, D, E));
        for (int k = 0; k < TASKS; k++) {
          float[] product =
              Weights.read(users.get(k).vectors().matMul(tagSides.get(k).vectors().transpose()));
          float[] square =
              Weights.read(users.get(k).squares().matMul(tagSides.get(k).squares().transpose()));
          for (int r = 0; r < ROW_TAG.length; r++) {
            int at = ROW_IMPRESSION[r] * D + ROW_TAG[r];
            double cosine = product[at] / Math.sqrt(Math.max(square[at], FactoredView.EPSILON));
            assertThat(scales[0][k] * cosine + scales[1][k])
                .isCloseTo(pairwise[r * TASKS + k], CLOSE);
          }
        }
      }
    }
  }

  private double scaled(int task, double cosine) {
    return Math.exp(byName.get("scale.theta").values()[task]) * cosine
        + byName.get("scale.bias").values()[task];
  }

  private double[] mlp(String name, double[] x, int hiddenLayers) {
    double[] y = x;
    for (int layer = 0; layer < hiddenLayers; layer++) {
      y = relu(linear(name + "." + layer, y));
    }
    return linear(name + "." + hiddenLayers, y);
  }

  private double[] linear(String name, double[] x) {
    return linear(name, x, 0, byName.get(name + ".bias").size());
  }

  /** Outputs {@code from .. from + count} of a linear layer. */
  private double[] linear(String name, double[] x, int from, int count) {
    float[] weight = byName.get(name + ".weight").values();
    float[] bias = byName.get(name + ".bias").values();
    double[] y = new double[count];
    for (int o = 0; o < count; o++) {
      y[o] = bias[from + o];
      for (int i = 0; i < x.length; i++) {
        y[o] += weight[(from + o) * x.length + i] * x[i];
      }
    }
    return y;
  }

  private static double[] slice(float[] values, int from, int count) {
    double[] slice = new double[count];
    for (int i = 0; i < count; i++) {
      slice[i] = values[from + i];
    }
    return slice;
  }

  private static double[] relu(double[] x) {
    return java.util.Arrays.stream(x).map(v -> Math.max(v, 0)).toArray();
  }

  private static double[] tanh(double[] x) {
    return java.util.Arrays.stream(x).map(Math::tanh).toArray();
  }

  private static double[] softmax(double[] x) {
    double[] e = java.util.Arrays.stream(x).map(Math::exp).toArray();
    double sum = java.util.Arrays.stream(e).sum();
    return java.util.Arrays.stream(e).map(v -> v / sum).toArray();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double cos(double[] a, double[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }
}
