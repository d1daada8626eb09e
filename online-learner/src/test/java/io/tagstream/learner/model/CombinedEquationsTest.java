package io.tagstream.learner.model;

import static io.tagstream.learner.model.PlainLayers.cos;
import static io.tagstream.learner.model.PlainLayers.dot;
import static io.tagstream.learner.model.PlainLayers.relu;
import static io.tagstream.learner.model.PlainLayers.softmax;
import static io.tagstream.learner.model.PlainLayers.tanh;
import static io.tagstream.learner.model.TinyBatch.E;
import static io.tagstream.learner.model.TinyBatch.F;
import static io.tagstream.learner.model.TinyBatch.I;
import static io.tagstream.learner.model.TinyBatch.ROW_IMPRESSION;
import static io.tagstream.learner.model.TinyBatch.ROW_TAG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.DtnConfig;
import io.tagstream.learner.DtnConfig.Unit;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.ModelConfig.Mapping;
import io.tagstream.learner.Network;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The combination against its equations in plain Java, on tiny tensors. */
class CombinedEquationsTest {

  private static final int P = 2;
  private static final int VIEWS = 3;
  private static final int OUT = 6;
  private static final int TASKS = 2;
  private static final List<Integer> HIDDEN = List.of(7);
  private static final List<int[]> EXPERTS = List.of(new int[] {0, 1}, new int[] {1, 2, 3});
  private static final float RHO = 0.25f;
  private static final Offset<Double> CLOSE = Offset.offset(1e-5);

  private final SplittableRandom random = new SplittableRandom(29);
  private final TinyBatch batch = new TinyBatch(random);
  private final PlainLayers plain = new PlainLayers(random);
  private final PlainVirtualKernels kernels = new PlainVirtualKernels(plain, EXPERTS);
  private final PlainUnits units = new PlainUnits(plain, DtnConfig.defaults().gdcn().layers());

  private static Combined combined(Mapping mapping, List<Unit> units) {
    DtnConfig dtn = DtnConfig.defaults();
    DtnConfig.MemoNet memories =
        new DtnConfig.MemoNet(2, 16, 2, false, DtnConfig.Restoring.LMR, List.of(1));
    ModelConfig config =
        ModelConfig.of(Network.COMBINED)
            .withSizes(OUT, HIDDEN)
            .withCtmvm(new ModelConfig.Ctmvm(mapping, VIEWS, RHO, true))
            .withCombined(new ModelConfig.Combined(units, false))
            .withDtn(
                new DtnConfig(
                    dtn.units(), Map.of(), 5, dtn.gdcn(), dtn.maskNet(), memories, false));
    return new Combined(F, E, P, EXPERTS, config);
  }

  @Test
  void combinedWithoutItsPartsIsMvke() {
    Combined combined = combined(Mapping.NONE, List.of());
    ParameterSet set = plain.randomised(combined);
    Mvke mvke = new Mvke(F, E, OUT, HIDDEN, EXPERTS, false);
    assertThat(batch.logits(combined, set)).isEqualTo(batch.logits(mvke, set));
  }

  @Test
  void combined() {
    Combined model = combined(Mapping.AMVM, List.of(Unit.GDCN, Unit.MASKNET));
    float[] actual = batch.logits(model, plain.randomised(model));
    for (int r = 0; r < ROW_TAG.length; r++) {
      double[][] experts = interactingExperts(ROW_IMPRESSION[r]);
      double[] gained = aggregatedViews(r);
      double[] shared = relu(plain.linear("tag.shared", batch.tag(r), 0, HIDDEN.get(0)));
      for (int j = 0; j < TASKS; j++) {
        double[] tag = plain.linear("tag.head." + j, shared, 0, OUT);
        double[] user = kernels.user(j, tag, experts);
        double[] viewed = plain.product("tag.views." + j + ".weight", gained);
        for (int c = 0; c < OUT; c++) {
          viewed[c] += tag[c];
        }
        assertThat((double) actual[r * TASKS + j])
            .isCloseTo(plain.scaled(j, cos(user, viewed)), CLOSE);
      }
    }
  }

  /** MVKE's experts, and what a unit's gate mixes of GDCN and MaskNet beside each. */
  private double[][] interactingExperts(int impression) {
    double[][] experts = new double[4][];
    for (int k = 0; k < 4; k++) {
      experts[k] = plain.mlp("expert." + k, kernels.pooled(batch, impression, k), 1);
      double[] flat = PlainLayers.concat(kernels.weighted(batch, impression, k));
      double[] mixed =
          PlainLayers.mixture(
              softmax(plain.linear("interaction.gate", flat)),
              units.gdcn("interaction.gdcn", flat),
              units.maskNet("interaction.masknet", flat));
      float[] out = plain.values("interaction.out.weight");
      for (int c = 0; c < OUT; c++) {
        for (int o = 0; o < mixed.length; o++) {
          experts[k][c] += mixed[o] * out[(k * mixed.length + o) * OUT + c];
        }
      }
    }
    return experts;
  }

  /** {@code [Σ_n r_1n f_1n, …]} of a row. */
  private double[] aggregatedViews(int row) {
    double[] all = new double[P * E];
    for (int p = 0; p < P; p++) {
      double[] user = tanh(plain.linear("view-gate." + p + ".user", batch.user(row)));
      double[] scores = new double[VIEWS];
      double[][] views = new double[VIEWS][];
      for (int n = 0; n < VIEWS; n++) {
        views[n] = view(row, p, n);
        double[] both = PlainLayers.concat(batch.tag(row), views[n]);
        double[] key = tanh(plain.linear("view-gate." + p + ".tag", both));
        scores[n] = dot(user, key) / Math.sqrt(OUT);
      }
      System.arraycopy(PlainLayers.mixture(softmax(scores), views), 0, all, p * E, E);
    }
    return all;
  }

  @Test
  void trainsOnTheNearestViewsAndASupplementaryNetworkBesides() {
    Combined model = combined(Mapping.AMVM, List.of());
    ParameterSet set = plain.randomised(model);
    float[] items = PlainLayers.uniform(random, I * P * E);
    List<float[]> auxiliary = auxiliary(model, set, items);
    assertThat(auxiliary).hasSize(2);
    for (int r = 0; r < ROW_TAG.length; r++) {
      double[] item = PlainLayers.slice(items, ROW_IMPRESSION[r] * P * E, P * E);
      double[] selected = nearestViews(r, item);
      double[][] experts = new double[4][];
      for (int k = 0; k < 4; k++) {
        experts[k] = plain.mlp("expert." + k, kernels.pooled(batch, ROW_IMPRESSION[r], k), 1);
      }
      double[] shared = relu(plain.linear("tag.shared", batch.tag(r), 0, HIDDEN.get(0)));
      for (int j = 0; j < TASKS; j++) {
        double[] tag = plain.linear("tag.head." + j, shared, 0, OUT);
        double[] user = kernels.user(j, tag, experts);
        double[] viewed = plain.product("tag.views." + j + ".weight", selected);
        for (int c = 0; c < OUT; c++) {
          viewed[c] += tag[c];
        }
        assertThat((double) auxiliary.get(0)[r * TASKS + j])
            .isCloseTo(plain.scaled(j, cos(user, viewed)), CLOSE);
      }
    }
  }

  /** With one map there is nothing to select: its logits are those that are trained already. */
  @Test
  void trainsOnTheSupplementaryNetworkAloneBesidesWhereThereIsOneMap() {
    Combined model = combined(Mapping.PKM, List.of());
    float[] items = PlainLayers.uniform(random, I * P * E);
    assertThat(auxiliary(model, plain.randomised(model), items)).hasSize(1);
  }

  private List<float[]> auxiliary(Combined model, ParameterSet set, float[] items) {
    return batch.compute(
        set,
        (w, in) -> {
          NDArray privileged = w.input(items, items.length, false, I, P * E);
          ModelInputs inputs = ModelInputs.of(w, in.fields(), in.tags(), privileged, in.features());
          return model.training(w, inputs).auxiliary().stream()
              .map(further -> Weights.read(further.logits()))
              .toList();
        });
  }

  /** Of each field the view that is nearest to what the item has. */
  private double[] nearestViews(int row, double[] item) {
    double[] selected = new double[P * E];
    for (int p = 0; p < P; p++) {
      double nearest = Double.POSITIVE_INFINITY;
      for (int n = 0; n < VIEWS; n++) {
        double[] view = view(row, p, n);
        double distance = 0;
        for (int c = 0; c < E; c++) {
          distance += (item[p * E + c] - view[c]) * (item[p * E + c] - view[c]);
        }
        if (distance < nearest) {
          nearest = distance;
          System.arraycopy(view, 0, selected, p * E, E);
        }
      }
    }
    return selected;
  }

  private double[] view(int row, int p, int n) {
    String map = "map." + p + "." + n;
    return plain.linear(map + ".1", tanh(plain.linear(map + ".0", batch.tag(row))));
  }

  @Test
  void memoriesOfExpertsNeedKeyFields() {
    ModelConfig config =
        ModelConfig.of(Network.COMBINED)
            .withCombined(new ModelConfig.Combined(List.of(Unit.MEMONET), false));
    assertThatThrownBy(() -> new Combined(F, E, P, EXPERTS, config))
        .hasMessageStartingWith("model.dtn.key-fields: [] - name user fields");
  }

  @Test
  void factoredEqualsPairwise() {
    for (Combined model :
        List.of(
            combined(Mapping.NONE, List.of()),
            combined(Mapping.PKM, List.of(Unit.GDCN)),
            combined(Mapping.AMVM, List.of(Unit.GDCN, Unit.MASKNET, Unit.MEMONET)))) {
      batch.assertFactoredEqualsPairwise(model, plain.randomised(model), CLOSE);
    }
  }
}
