package io.tagstream.learner.model;

import static io.tagstream.learner.model.PlainLayers.dot;
import static io.tagstream.learner.model.PlainLayers.slice;
import static io.tagstream.learner.model.PlainLayers.softmax;
import static io.tagstream.learner.model.PlainLayers.tanh;
import static io.tagstream.learner.model.TinyBatch.E;
import static io.tagstream.learner.model.TinyBatch.F;

import java.util.List;

/** MVKE's experts and gates in plain Java, on a tiny batch. */
final class PlainVirtualKernels {

  private final PlainLayers plain;
  private final List<int[]> expertsOfTask;

  PlainVirtualKernels(PlainLayers plain, List<int[]> expertsOfTask) {
    this.plain = plain;
    this.expertsOfTask = expertsOfTask;
  }

  /** Eq. 7: {@code E_u^j}, what the gate mixes of the task's experts. */
  double[] user(int task, double[] tag, double[][] experts) {
    double[] gate = gate(task, tag);
    double[][] values = new double[gate.length][];
    for (int n = 0; n < gate.length; n++) {
      values[n] = plain.linear("gate.value." + task, experts[expertsOfTask.get(task)[n]]);
    }
    return PlainLayers.mixture(gate, values);
  }

  /** Eq. 7's weights over the task's experts. */
  double[] gate(int task, double[] tag) {
    double[] query = tanh(plain.linear("gate.query." + task, tag));
    int[] own = expertsOfTask.get(task);
    double[] scores = new double[own.length];
    for (int n = 0; n < own.length; n++) {
      double[] kernel = slice(plain.values("kernels"), own[n] * E, E);
      scores[n] = dot(query, tanh(plain.linear("gate.key." + task, kernel))) / Math.sqrt(E);
    }
    return softmax(scores);
  }

  /** The sum over fields of what an expert weighs. */
  double[] pooled(TinyBatch batch, int impression, int expert) {
    double[] sum = new double[E];
    for (double[] field : weighted(batch, impression, expert)) {
      for (int c = 0; c < E; c++) {
        sum[c] += field[c];
      }
    }
    return sum;
  }

  /** Eq. 4 and 5: {@code C^k [F][e]}. */
  double[][] weighted(TinyBatch batch, int impression, int k) {
    double[] kernel = slice(plain.values("kernels"), k * E, E);
    double[] query = new double[E];
    for (int c = 0; c < E; c++) {
      query[c] = plain.values("expert.query.bias")[k * E + c];
      for (int a = 0; a < E; a++) {
        query[c] += kernel[a] * plain.values("expert.query.weight")[(k * E + a) * E + c];
      }
      query[c] = Math.tanh(query[c]);
    }
    double[] scores = new double[F];
    double[][] values = new double[F][];
    for (int f = 0; f < F; f++) {
      double[] x = slice(batch.fields, (impression * F + f) * E, E);
      double[] key = tanh(plain.linear("expert.key", x, k * E, E));
      values[f] = tanh(plain.linear("expert.value", x, k * E, E));
      scores[f] = dot(query, key) / Math.sqrt(E);
    }
    double[] attention = softmax(scores);
    for (int f = 0; f < F; f++) {
      for (int c = 0; c < E; c++) {
        values[f][c] *= attention[f];
      }
    }
    return values;
  }
}
