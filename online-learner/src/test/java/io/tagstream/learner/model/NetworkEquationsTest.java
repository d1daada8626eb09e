package io.tagstream.learner.model;

import static io.tagstream.learner.model.PlainLayers.cos;
import static io.tagstream.learner.model.PlainLayers.relu;
import static io.tagstream.learner.model.PlainLayers.slice;
import static io.tagstream.learner.model.PlainLayers.softmax;
import static io.tagstream.learner.model.TinyBatch.E;
import static io.tagstream.learner.model.TinyBatch.F;
import static io.tagstream.learner.model.TinyBatch.I;
import static io.tagstream.learner.model.TinyBatch.ROW_IMPRESSION;
import static io.tagstream.learner.model.TinyBatch.ROW_TAG;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.util.List;
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
  private final PlainVirtualKernels kernels = new PlainVirtualKernels(plain, EXPERTS);

  @Test
  void twoTower() {
    TwoTower model = new TwoTower(TASKS, F, E, OUT, HIDDEN, false);
    float[] actual = batch.logits(model, plain.randomised(model));
    for (int r = 0; r < ROW_TAG.length; r++) {
      for (int k = 0; k < TASKS; k++) {
        double[] user = plain.mlp("user." + k, batch.user(r), 1);
        double[] tag = plain.mlp("tag." + k, batch.tag(r), 1);
        assertThat((double) actual[r * TASKS + k])
            .isCloseTo(plain.scaled(k, cos(user, tag)), CLOSE);
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
        experts[k] = plain.mlp("expert." + k, kernels.pooled(batch, ROW_IMPRESSION[r], k), 1);
      }
      double[] shared = relu(plain.linear("tag.shared", batch.tag(r), 0, HIDDEN.get(0)));
      for (int j = 0; j < TASKS; j++) {
        double[] tag = plain.linear("tag.head." + j, shared, 0, OUT);
        double[] user = kernels.user(j, tag, experts);
        assertThat((double) actual[r * TASKS + j])
            .isCloseTo(plain.scaled(j, cos(user, tag)), CLOSE);
      }
    }
  }

  @Test
  void gatesOfTags() {
    Mvke model = new Mvke(F, E, OUT, HIDDEN, EXPERTS, false);
    ParameterSet set = plain.randomised(model);
    for (int j = 0; j < TASKS; j++) {
      int output = j;
      assertThat(model.gatedByTags().experts(j)).containsExactly(EXPERTS.get(j));
      float[] actual = batch.read(set, (w, in) -> model.gatedByTags().gates(w, output, in.tags()));
      for (int r = 0; r < ROW_TAG.length; r++) {
        double[] shared = relu(plain.linear("tag.shared", batch.tag(r)));
        double[] expected = kernels.gate(j, plain.linear("tag.head." + j, shared));
        for (int n = 0; n < expected.length; n++) {
          assertThat((double) actual[ROW_TAG[r] * expected.length + n])
              .isCloseTo(expected[n], CLOSE);
        }
      }
    }
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
      batch.assertFactoredEqualsPairwise(model, plain.randomised(model), CLOSE);
    }
  }
}
