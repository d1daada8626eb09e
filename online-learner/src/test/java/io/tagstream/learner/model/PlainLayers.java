package io.tagstream.learner.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** Layers in plain Java over the live parameters of models: what networks are held against. */
final class PlainLayers {

  private final SplittableRandom random;
  private final Map<String, Parameter> byName = new HashMap<>();

  /** Layers over parameters with values from {@code random}. */
  PlainLayers(SplittableRandom random) {
    this.random = random;
  }

  /** A model's parameters with random values everywhere, biases and scales included. */
  ParameterSet randomised(TagModel model) {
    ParameterSet set = new ParameterSet(1);
    model.declare(set);
    return randomised(set);
  }

  ParameterSet randomised(ParameterSet set) {
    for (Parameter parameter : set.all()) {
      float[] values = uniform(random, parameter.size());
      System.arraycopy(values, 0, parameter.values(), 0, values.length);
      byName.put(parameter.name(), parameter);
    }
    return set;
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  float[] values(String name) {
    return Objects.requireNonNull(byName.get(name), name).values();
  }

  double[] mlp(String name, double[] x, int hiddenLayers) {
    double[] y = x;
    for (int layer = 0; layer < hiddenLayers; layer++) {
      y = relu(linear(name + "." + layer, y));
    }
    return linear(name + "." + hiddenLayers, y);
  }

  double[] linear(String name, double[] x) {
    return linear(name, x, 0, values(name + ".bias").length);
  }

  /** Outputs {@code from .. from + count} of a linear layer. */
  double[] linear(String name, double[] x, int from, int count) {
    float[] bias = values(name + ".bias");
    double[] y = product(values(name + ".weight"), x, from, count);
    for (int o = 0; o < count; o++) {
      y[o] += bias[from + o];
    }
    return y;
  }

  /** {@code W x}, with a parameter {@code W [out, in]}. */
  double[] product(String weight, double[] x) {
    return product(values(weight), x, 0, values(weight).length / x.length);
  }

  private static double[] product(float[] weight, double[] x, int from, int count) {
    double[] y = new double[count];
    for (int o = 0; o < count; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += weight[(from + o) * x.length + i] * x[i];
      }
    }
    return y;
  }

  /** {@code e^θ c + b}. */
  double scaled(int task, double cosine) {
    return Math.exp(values("scale.theta")[task]) * cosine + values("scale.bias")[task];
  }

  static float[] uniform(SplittableRandom random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  static double[] slice(float[] values, int from, int count) {
    double[] slice = new double[count];
    for (int i = 0; i < count; i++) {
      slice[i] = values[from + i];
    }
    return slice;
  }

  static double[] concat(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  static double[] relu(double[] x) {
    return Arrays.stream(x).map(v -> Math.max(v, 0)).toArray();
  }

  static double[] tanh(double[] x) {
    return Arrays.stream(x).map(Math::tanh).toArray();
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  static double[] softmax(double[] x) {
    double[] e = Arrays.stream(x).map(Math::exp).toArray();
    double sum = Arrays.stream(e).sum();
    return Arrays.stream(e).map(v -> v / sum).toArray();
  }

  /** {@code Σ_i w_i x_i}. */
  static double[] mixture(double[] weights, double[]... vectors) {
    double[] sum = new double[vectors[0].length];
    for (int i = 0; i < vectors.length; i++) {
      for (int c = 0; c < sum.length; c++) {
        sum[c] += weights[i] * vectors[i][c];
      }
    }
    return sum;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double cos(double[] a, double[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }
}
