package io.tagstream.learner.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The layers of networks in plain Java, on the parameters of a set. */
final class PlainNetwork {

  private final Map<String, float[]> byName = new HashMap<>();

  void take(ParameterSet set) {
    set.all().forEach(parameter -> byName.put(parameter.name(), parameter.values()));
  }

  float[] values(String name) {
    return Objects.requireNonNull(byName.get(name), name);
  }

  /** {@code W x + b}. */
  double[] linear(String name, double[] x) {
    double[] y = product(name, x);
    float[] bias = values(name + ".bias");
    for (int o = 0; o < y.length; o++) {
      y[o] += bias[o];
    }
    return y;
  }

  /** {@code W x}. */
  double[] product(String name, double[] x) {
    float[] weight = values(name + ".weight");
    double[] y = new double[weight.length / x.length];
    for (int o = 0; o < y.length; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += weight[o * x.length + i] * x[i];
      }
    }
    return y;
  }

  double[] tanhMlp(String name, double[] x, int hiddenLayers) {
    double[] y = x;
    for (int layer = 0; layer < hiddenLayers; layer++) {
      y = tanh(linear(name + "." + layer, y));
    }
    return linear(name + "." + hiddenLayers, y);
  }

  /** {@code W [user; tag; further] + b}, the weights in their parts. */
  double[] pairLayer(String name, double[] user, double[] tag, double[] further) {
    double[] y = sum(product(name + ".user", user), product(name + ".tag", tag));
    if (further.length > 0) {
      y = sum(y, product(name + ".further", further));
    }
    float[] bias = values(name + ".bias");
    for (int o = 0; o < y.length; o++) {
      y[o] += bias[o];
    }
    return y;
  }

  /** {@link PairTower}. */
  double[] pairTower(String name, int hiddenLayers, double[] user, double[] tag, double[] further) {
    double[] first = pairLayer(name + ".0", user, tag, further);
    return hiddenLayers == 0 ? first : tanhMlp(name + ".then", tanh(first), hiddenLayers - 1);
  }

  static double[] sum(double[] a, double[] b) {
    double[] sum = a.clone();
    for (int c = 0; c < sum.length; c++) {
      sum[c] += b[c];
    }
    return sum;
  }

  static double[] slice(float[] values, int from, int count) {
    double[] slice = new double[count];
    for (int c = 0; c < count; c++) {
      slice[c] = values[from + c];
    }
    return slice;
  }

  static double[] tanh(double[] x) {
    return Arrays.stream(x).map(Math::tanh).toArray();
  }

  static double[] relu(double[] x) {
    return Arrays.stream(x).map(v -> Math.max(v, 0)).toArray();
  }

  static double[] softmax(double[] x) {
    double[] e = Arrays.stream(x).map(Math::exp).toArray();
    double sum = Arrays.stream(e).sum();
    return Arrays.stream(e).map(v -> v / sum).toArray();
  }
}
