package io.tagstream.learner.model;

import static io.tagstream.learner.model.PlainLayers.relu;
import static io.tagstream.learner.model.PlainLayers.sigmoid;
import static io.tagstream.learner.model.TinyBatch.E;

import java.util.Arrays;

/** Units of feature interactions in plain Java, on fields of a tiny batch. */
final class PlainUnits {

  private final PlainLayers plain;
  private final int crossLayers;

  PlainUnits(PlainLayers plain, int crossLayers) {
    this.plain = plain;
    this.crossLayers = crossLayers;
  }

  double[] gdcn(String name, double[] x) {
    double[] crossed = x;
    for (int layer = 0; layer < crossLayers; layer++) {
      double[] term = square(name + ".cross." + layer, crossed);
      double[] gate = square(name + ".gate." + layer, crossed);
      float[] bias = plain.values(name + ".cross." + layer + ".bias");
      double[] next = new double[x.length];
      for (int c = 0; c < x.length; c++) {
        next[c] = x[c] * (term[c] + bias[c]) * sigmoid(gate[c]) + crossed[c];
      }
      crossed = next;
    }
    return plain.linear(name + ".out", crossed);
  }

  private double[] square(String name, double[] x) {
    return plain.has(name + ".weight")
        ? plain.product(name + ".weight", x)
        : plain.product(name + ".up", plain.product(name + ".down", x));
  }

  double[] maskNet(String name, double[] x) {
    double[] mask = plain.mlp(name + ".mask", x, 1);
    double[] masked = new double[x.length];
    for (int f = 0; f < x.length / E; f++) {
      double[] field = layerNorm(name + ".norm.field", Arrays.copyOfRange(x, f * E, f * E + E));
      for (int c = 0; c < E; c++) {
        masked[f * E + c] = mask[f * E + c] * field[c];
      }
    }
    double[] block = plain.product(name + ".block.weight", masked);
    return plain.linear(name + ".out", relu(layerNorm(name + ".norm.block", block)));
  }

  private double[] layerNorm(String name, double[] x) {
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double[] y = new double[x.length];
    for (int c = 0; c < y.length; c++) {
      y[c] = (x[c] - mean) / Math.sqrt(variance + Layers.NORM_EPSILON);
      y[c] = plain.values(name + ".gain")[c] * y[c] + plain.values(name + ".bias")[c];
    }
    return y;
  }
}
