package io.tagstream.learner.model;

import static io.tagstream.learner.model.PlainLayers.cos;
import static io.tagstream.learner.model.PlainLayers.dot;
import static io.tagstream.learner.model.PlainLayers.relu;
import static io.tagstream.learner.model.PlainLayers.slice;
import static io.tagstream.learner.model.PlainLayers.softmax;
import static io.tagstream.learner.model.PlainLayers.tanh;
import static io.tagstream.learner.model.TinyBatch.D;
import static io.tagstream.learner.model.TinyBatch.E;
import static io.tagstream.learner.model.TinyBatch.F;
import static io.tagstream.learner.model.TinyBatch.I;
import static io.tagstream.learner.model.TinyBatch.ROW_IMPRESSION;
import static io.tagstream.learner.model.TinyBatch.ROW_TAG;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The factored networks and the stage head against their equations in plain Java. */
class NetworkEquationsTest {

  private static final int OUT = 6;
  private static final int TASKS = 2;
  private static final List<Integer> HIDDEN = List.of(7);
  private static final List<int[]> EXPERTS = List.of(new int[] {0, 1}, new int[] {1, 2, 3});
  private static final Offset<Double> CLOSE = Offset.offset(1e-5);

  private final SplittableRandom random = new SplittableRandom(23);
  private final TinyBatch batch = new TinyBatch(random);
  private final float[] fields = batch.fields;
  private final float[] tags = batch.tags;
  private final PlainLayers plain = new PlainLayers(random);

  @Test
  void twoTower() {
    TwoTower model = new TwoTower(TASKS, F, E, OUT, HIDDEN, false);
    float[] actual = batch.logits(model, plain.randomised(model));
    for (int r = 0; r < ROW_TAG.length; r++) {
      for (int k = 0; k < TASKS; k++) {
        double[] user = plain.mlp("user." + k, batch.user(r), 1);
        double[] tag = plain.mlp("tag." + k, batch.tag(r), 1);
        assertThat((double) actual[r * TASKS + k]).isCloseTo(scaled(k, cos(user, tag)), CLOSE);
      }
    }
  }

  @Test
  void fixedScaleGivesBareCosines() {
    TwoTower model = new TwoTower(1, F, E, OUT, HIDDEN, true);
    float[] actual = batch.logits(model, plain.randomised(model));
    assertThat(plain.has("scale.theta")).isFalse();
    double[] user = plain.mlp("user.0", slice(fields, 0, F * E), 1);
    double[] tag = plain.mlp("tag.0", slice(tags, 0, E), 1);
    assertThat((double) actual[0]).isCloseTo(cos(user, tag), CLOSE);
  }

  @Test
  void mvke() {
    Mvke model = new Mvke(F, E, OUT, HIDDEN, EXPERTS, false);
    float[] actual = batch.logits(model, plain.randomised(model));
    for (int r = 0; r < ROW_TAG.length; r++) {
      double[][] experts = new double[4][];
      for (int k = 0; k < 4; k++) {
        experts[k] = plain.mlp("expert." + k, pooledExpert(ROW_IMPRESSION[r], k), 1);
      }
      double[] shared = relu(plain.linear("tag.shared", batch.tag(r), 0, HIDDEN.get(0)));
      for (int j = 0; j < TASKS; j++) {
        double[] tag = plain.linear("tag.head." + j, shared, 0, OUT);
        double[] gate = gate(j, tag);
        double[] user = new double[OUT];
        for (int n = 0; n < gate.length; n++) {
          double[] value = plain.linear("gate.value." + j, experts[EXPERTS.get(j)[n]], 0, OUT);
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
      double[] x = slice(fields, (impression * F + f) * E, E);
      double[] key = tanh(plain.linear("expert.key", x, k * E, E));
      values[f] = tanh(plain.linear("expert.value", x, k * E, E));
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
    double[] query = tanh(plain.linear("gate.query." + task, tag, 0, E));
    int[] own = EXPERTS.get(task);
    double[] scores = new double[own.length];
    for (int n = 0; n < own.length; n++) {
      double[] kernel = slice(plain.values("kernels"), own[n] * E, E);
      scores[n] = dot(query, tanh(plain.linear("gate.key." + task, kernel, 0, E))) / Math.sqrt(E);
    }
    return softmax(scores);
  }

  @Test
  void stagePreferenceHead() {
    StagePreferenceHead head = new StagePreferenceHead(TASKS, F, E);
    ParameterSet set = new ParameterSet(1);
    head.declare(set);
    plain.randomised(set);
    float[] actual;
    try (NDManager manager = Tensors.cpu()) {
      Weights w = new Weights(manager, new HostBuffer(), set, false);
      actual = Weights.read(head.logits(w, w.input(fields, fields.length, false, I, F * E)));
    }
    for (int i = 0; i < I; i++) {
      double[][] extracted = new double[F][];
      for (int f = 0; f < F; f++) {
        extracted[f] = plain.mlp("stage", slice(fields, (i * F + f) * E, E), 1);
      }
      for (int k = 0; k < TASKS; k++) {
        float[] attention = plain.values("stage.attention." + k + ".weight");
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
        double expected = plain.linear("stage.out." + k, flat, 0, 1)[0];
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
      ParameterSet set = plain.randomised(model);
      float[] pairwise = batch.logits(model, set);
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
    return Math.exp(plain.values("scale.theta")[task]) * cosine + plain.values("scale.bias")[task];
  }
}
