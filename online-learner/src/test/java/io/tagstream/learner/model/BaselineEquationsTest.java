package io.tagstream.learner.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.ModelConfig.Masking;
import io.tagstream.learner.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The baselines of CTMVM's paper against their equations written out in plain Java. */
class BaselineEquationsTest {

  private static final int I = 3;
  private static final int F = 4;
  private static final int E = 3;
  private static final int D = 3;
  private static final int CROSS = 5;
  private static final int TASKS = 2;
  private static final List<Integer> HIDDEN = List.of(6);
  private static final int[] ROW_IMPRESSION = {0, 0, 2, 2, 2, 0, 2};
  private static final int[] ROW_TAG = {0, 1, 1, 0, 2, 2, 1};

  /** The last two rows are sampled negatives. */
  private static final int SHOWN = 5;

  private static final RowFeatures ROWS =
      new RowFeatures(
          SHOWN,
          77,
          ROW_IMPRESSION,
          ROW_TAG,
          new int[] {0, 1, 2, 3},
          new long[D],
          new int[I * F + 1],
          new long[0]);
  private static final Offset<Double> CLOSE = Offset.offset(1e-5);

  private final SplittableRandom random = new SplittableRandom(41);
  private final float[] fields = uniform(I * F * E);
  private final float[] tags = uniform(D * E);
  private final PlainNetwork plain = new PlainNetwork();

  private float[] uniform(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private ParameterSet declared(TagModel model) {
    ParameterSet set = new ParameterSet(1);
    model.declare(set);
    for (Parameter parameter : set.all()) {
      System.arraycopy(uniform(parameter.size()), 0, parameter.values(), 0, parameter.size());
    }
    plain.take(set);
    return set;
  }

  /** Logits, then auxiliary ones. */
  private List<float[]> outputs(TagModel model, ParameterSet set) {
    try (NDManager manager = Tensors.cpu()) {
      Weights w = new Weights(manager, new HostBuffer(), set, false);
      TrainingOutputs outputs = model.training(w, inputs(w, false));
      List<float[]> all = new ArrayList<>(List.of(Weights.read(outputs.logits())));
      outputs.auxiliary().forEach(output -> all.add(Weights.read(output.logits())));
      return all;
    }
  }

  private ModelInputs inputs(Weights w, boolean trained) {
    return ModelInputs.of(
        w,
        w.input(fields, fields.length, trained, I, F * E),
        w.input(tags, tags.length, trained, D, E),
        null,
        ROWS);
  }

  private static ModelConfig sizes(Network network) {
    return ModelConfig.of(network).withSizes(CROSS, HIDDEN);
  }

  private double[] user(int row) {
    return PlainNetwork.slice(fields, ROW_IMPRESSION[row] * F * E, F * E);
  }

  private double[] tag(int row) {
    return PlainNetwork.slice(tags, ROW_TAG[row] * E, E);
  }

  @Test
  void youTube() {
    YouTube model = new YouTube(TASKS, new PairInput(F, E), sizes(Network.YOUTUBE));
    float[] actual = outputs(model, declared(model)).get(0);
    for (int r = 0; r < ROW_TAG.length; r++) {
      double[] expected = plain.pairTower("main", 1, user(r), tag(r), new double[0]);
      for (int k = 0; k < TASKS; k++) {
        assertThat((double) actual[r * TASKS + k]).isCloseTo(expected[k], CLOSE);
      }
    }
  }

  @Test
  void utpm() {
    Utpm model = new Utpm(TASKS, F, E, sizes(Network.UTPM));
    List<float[]> actual = outputs(model, declared(model));
    assertThat(actual).hasSize(2);
    assertThat(actual.get(1)).hasSize(SHOWN * TASKS);
    double[][] expected = new double[ROW_TAG.length][TASKS];
    for (int r = 0; r < ROW_TAG.length; r++) {
      double[] users = utpmUser(user(r));
      for (int k = 0; k < TASKS; k++) {
        double product = 0;
        for (int c = 0; c < E; c++) {
          product += users[k * E + c] * tag(r)[c];
        }
        expected[r][k] =
            Math.exp(plain.values("scale.theta")[k]) * product + plain.values("scale.bias")[k];
        assertThat((double) actual.get(0)[r * TASKS + k]).isCloseTo(expected[r][k], CLOSE);
      }
    }
    for (int k = 0; k < TASKS; k++) {
      double first = (expected[0][k] + expected[1][k]) / 2;
      double second = (expected[2][k] + expected[3][k] + expected[4][k]) / 3;
      for (int r = 0; r < SHOWN; r++) {
        assertThat((double) actual.get(1)[r * TASKS + k]).isCloseTo(r < 2 ? first : second, CLOSE);
      }
    }
  }

  private static final float LAMBDA = 0.3f;
  private static final float TEMPERATURE = 0.4f;

  private static Cwtm cwtm(Masking masking, float contrast) {
    ModelConfig config =
        sizes(Network.CWTM).withCwtm(new ModelConfig.Cwtm(masking, contrast, TEMPERATURE));
    return new Cwtm(new TwoTower(TASKS, F, E, CROSS, HIDDEN, false), new PairInput(F, E), config);
  }

  /** The tags that stay for the two items, by the noise of the pass. */
  private int[] drawn(Masking masking) {
    SplittableRandom noise = new SplittableRandom(ROWS.draw());
    int[] kept = new int[2];
    for (int item = 0, r = 0; item < 2; item++) {
      double best = Double.NEGATIVE_INFINITY;
      for (; r < (item == 0 ? 2 : SHOWN); r++) {
        double score = -Math.log(-Math.log(noise.nextDouble(1e-12, 1)));
        if (masking == Masking.WEIGHTED) {
          score += plain.pairTower("importance", 1, user(r), tag(r), new double[0])[0];
        }
        if (score > best) {
          best = score;
          kept[item] = ROW_TAG[r];
        }
      }
    }
    return kept;
  }

  @Test
  void cwtm() {
    for (Masking masking : Masking.values()) {
      Cwtm model = cwtm(masking, LAMBDA);
      ParameterSet set = declared(model);
      int[] kept = drawn(masking);
      try (NDManager manager = Tensors.cpu()) {
        Weights w = new Weights(manager, new HostBuffer(), set, false);
        TrainingOutputs outputs = model.training(w, inputs(w, false));
        float[] trained = Weights.read(outputs.logits());
        float[] reported = Weights.read(Objects.requireNonNull(outputs.reported()));
        float penalty = Weights.read(Objects.requireNonNull(outputs.penalty()))[0];
        assertThat(Weights.read(model.logits(w, inputs(w, false)))).isEqualTo(reported);
        for (int r = 0; r < ROW_TAG.length; r++) {
          int tag = r >= SHOWN ? ROW_TAG[r] : kept[r < 2 ? 0 : 1];
          for (int k = 0; k < TASKS; k++) {
            assertThat((double) trained[r * TASKS + k])
                .isCloseTo(twoTower(k, user(r), embedding(tag)), CLOSE);
            assertThat((double) reported[r * TASKS + k])
                .isCloseTo(twoTower(k, user(r), tag(r)), CLOSE);
          }
        }
        assertThat((double) penalty).isCloseTo(LAMBDA * contrast(kept), CLOSE);
      }
    }
  }

  private double contrast(int[] kept) {
    double[][] whole = {new double[E], new double[E]};
    for (int r = 0; r < SHOWN; r++) {
      for (int c = 0; c < E; c++) {
        whole[r < 2 ? 0 : 1][c] += tag(r)[c] / (r < 2 ? 2 : 3);
      }
    }
    double sum = 0;
    for (int k = 0; k < TASKS; k++) {
      for (int i = 0; i < 2; i++) {
        double[] anchor = tower("tag." + k, embedding(kept[i]));
        double[] similar = new double[2];
        for (int j = 0; j < 2; j++) {
          similar[j] = cosine(anchor, tower("tag." + k, whole[j])) / TEMPERATURE;
        }
        sum -= Math.log(PlainNetwork.softmax(similar)[i]);
      }
    }
    return sum;
  }

  private double[] embedding(int tag) {
    return PlainNetwork.slice(tags, tag * E, E);
  }

  private double[] tower(String name, double[] x) {
    return plain.linear(name + ".1", PlainNetwork.relu(plain.linear(name + ".0", x)));
  }

  private double twoTower(int task, double[] user, double[] tag) {
    double cosine = cosine(tower("user." + task, user), tower("tag." + task, tag));
    return Math.exp(plain.values("scale.theta")[task]) * cosine + plain.values("scale.bias")[task];
  }

  private static double cosine(double[] a, double[] b) {
    double product = 0;
    double ofA = 0;
    double ofB = 0;
    for (int c = 0; c < a.length; c++) {
      product += a[c] * b[c];
      ofA += a[c] * a[c];
      ofB += b[c] * b[c];
    }
    return product / Math.sqrt(ofA * ofB);
  }

  @Test
  void theImportanceNetworkLearnsThroughTheDraw() {
    Cwtm model = cwtm(Masking.WEIGHTED, 0f);
    ParameterSet set = declared(model);
    try (NDManager manager = Tensors.cpu()) {
      JniUtils.setGradMode(true);
      Weights w = new Weights(manager, new HostBuffer(), set, true);
      ModelInputs in = inputs(w, true);
      TrainingOutputs outputs = model.training(w, in);
      assertThat(outputs.penalty()).isNull();
      Weights.backward(outputs.logits(), outputs.logits().onesLike(), false);
      float[] weight = new float[CROSS * E];
      assertThat(Weights.readGradient(w.get("importance.0.tag.weight"), weight)).isTrue();
      assertThat(weight).isNotEqualTo(new float[CROSS * E]);
    }
  }

  @Test
  void itemsWithTheSameTagsAreNoContrast() {
    Cwtm model = cwtm(Masking.RANDOM, 1f);
    ParameterSet set = declared(model);
    RowFeatures same =
        new RowFeatures(
            new int[] {0, 0, 1, 1},
            new int[] {0, 1, 1, 0},
            new long[D],
            new int[I * F + 1],
            new long[0]);
    try (NDManager manager = Tensors.cpu()) {
      Weights w = new Weights(manager, new HostBuffer(), set, false);
      ModelInputs in = inputs(w, false);
      TrainingOutputs outputs =
          model.training(w, ModelInputs.of(w, in.fields(), in.tags(), null, same));
      assertThat((double) Weights.read(Objects.requireNonNull(outputs.penalty()))[0])
          .isCloseTo(0, CLOSE);
    }
  }

  private double[] utpmUser(double[] x) {
    float[] weight = plain.values("attention.weight");
    float[] bias = plain.values("attention.bias");
    float[] query = plain.values("attention.query");
    double[] merged = new double[2 * E];
    for (int h = 0; h < 2; h++) {
      double[] scores = new double[F];
      for (int f = 0; f < F; f++) {
        for (int o = h * E; o < (h + 1) * E; o++) {
          double key = bias[f * 2 * E + o];
          for (int c = 0; c < E; c++) {
            key += x[f * E + c] * weight[(f * E + c) * 2 * E + o];
          }
          scores[f] += query[o] * Math.tanh(key);
        }
      }
      double[] attention = PlainNetwork.softmax(scores);
      for (int f = 0; f < F; f++) {
        for (int c = 0; c < E; c++) {
          merged[h * E + c] += attention[f] * x[f * E + c];
        }
      }
    }
    double[] all = java.util.Arrays.copyOf(merged, 2 * E + CROSS);
    float[] v = plain.values("cross.weight");
    for (int d = 0; d < CROSS; d++) {
      for (int i = 0; i < merged.length; i++) {
        for (int j = i + 1; j < merged.length; j++) {
          all[2 * E + d] += merged[i] * merged[j] * v[i * CROSS + d] * v[j * CROSS + d];
        }
      }
    }
    return plain.linear("user.1", PlainNetwork.relu(plain.linear("user.0", all)));
  }
}
