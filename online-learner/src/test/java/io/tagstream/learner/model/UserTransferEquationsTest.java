package io.tagstream.learner.model;

import static io.tagstream.learner.model.PlainLayers.cos;
import static io.tagstream.learner.model.PlainLayers.relu;
import static io.tagstream.learner.model.PlainLayers.sigmoid;
import static io.tagstream.learner.model.PlainLayers.softmax;
import static io.tagstream.learner.model.TinyBatch.E;
import static io.tagstream.learner.model.TinyBatch.F;
import static io.tagstream.learner.model.TinyBatch.I;
import static io.tagstream.learner.model.TinyBatch.ROW_IMPRESSION;
import static io.tagstream.learner.model.TinyBatch.ROW_TAG;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.DtnConfig.Unit;
import io.tagstream.learner.MktConfig;
import io.tagstream.learner.MktConfig.Polarisation;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.ModelConfig.Mapping;
import io.tagstream.learner.Network;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The combination's transfer between kinds of items, in plain Java on tiny tensors. */
class UserTransferEquationsTest {

  private static final int P = 2;
  private static final int OUT = 6;
  private static final int TASKS = 2;
  private static final int SHARED = 2;
  private static final float GAMMA = 0.3f;
  private static final List<Integer> HIDDEN = List.of(7);
  private static final List<int[]> EXPERTS = List.of(new int[] {0, 1}, new int[] {1, 2, 3});
  private static final int EXPERT_COUNT = 4;

  /** Impression 1 is of a source. */
  private static final boolean[] SOURCE = {false, true, false};

  private static final Offset<Double> CLOSE = Offset.offset(1e-5);

  private final SplittableRandom random = new SplittableRandom(31);
  private final TinyBatch batch = new TinyBatch(random);
  private final PlainLayers live = new PlainLayers(random);
  private final PlainLayers once = new PlainLayers(random);
  private final PlainVirtualKernels kernels = new PlainVirtualKernels(live, EXPERTS);

  private static Combined combined(Mapping mapping, List<Unit> units, Polarisation polarisation) {
    MktConfig mkt = MktConfig.defaults();
    ModelConfig config =
        ModelConfig.of(Network.COMBINED)
            .withSizes(OUT, HIDDEN)
            .withMultiTask(new ModelConfig.MultiTask(SHARED, 1, 1, List.of(3), 0))
            .withCtmvm(new ModelConfig.Ctmvm(mapping, 3, 0.05f, true))
            .withCombined(new ModelConfig.Combined(units, true))
            .withMkt(
                new MktConfig(
                    "item",
                    0,
                    1,
                    mkt.cross(),
                    mkt.alignment(),
                    polarisation,
                    GAMMA,
                    mkt.missingRate(),
                    5));
    return new Combined(F, E, P, EXPERTS, config);
  }

  private ParameterSet randomised(Combined model) {
    ParameterSet copy = new ParameterSet(1);
    model.declareCopied(copy);
    batch.freeze(once.randomised(copy), random);
    return live.randomised(model);
  }

  /** {@code g_com}. */
  private static double[] common(PlainLayers plain, String kind, double[] user) {
    double[][] experts = new double[1 + SHARED][];
    experts[0] = relu(plain.mlp("transfer." + kind + ".expert", user, 1));
    for (int n = 0; n < SHARED; n++) {
      experts[1 + n] = relu(plain.mlp("transfer.shared." + n, user, 1));
    }
    double[] shares = softmax(plain.linear("transfer." + kind + ".gate", user));
    return PlainLayers.mixture(shares, experts);
  }

  /** {@code g_ind}. */
  private double[] independent(String kind, int row) {
    return relu(live.mlp("transfer." + kind + ".independent", batch.user(row), 1));
  }

  private double[] tag(int task, int row) {
    double[] shared = relu(live.linear("tag.shared", batch.tag(row)));
    return live.linear("tag.head." + task, shared);
  }

  /** What the second stage says of a row. */
  private double[] ofTarget(int row) {
    double[] copied = PlainLayers.slice(batch.copiedFields, ROW_IMPRESSION[row] * F * E, F * E);
    double[] common = common(once, "target", copied);
    double[][] experts = new double[EXPERT_COUNT][];
    for (int k = 0; k < EXPERT_COUNT; k++) {
      experts[k] = live.mlp("expert." + k, kernels.pooled(batch, ROW_IMPRESSION[row], k), 1);
      double[] gate = live.linear("transfer.unit." + k + ".gate", common);
      double[] value = live.linear("transfer.unit." + k + ".value", common);
      for (int c = 0; c < OUT; c++) {
        experts[k][c] += value[c] * sigmoid(gate[c]);
      }
    }
    double[] logits = new double[TASKS];
    for (int j = 0; j < TASKS; j++) {
      double[] tag = tag(j, row);
      logits[j] = live.scaled(j, cos(kernels.user(j, tag, experts), tag));
    }
    return logits;
  }

  /** What the first stage says of a row. */
  private double[] first(String kind, int row) {
    double[] both = PlainLayers.concat(common(live, kind, batch.user(row)), independent(kind, row));
    double[] logits = new double[TASKS];
    for (int j = 0; j < TASKS; j++) {
      double cosine = cos(live.linear("transfer." + kind + ".head." + j, both), tag(j, row));
      logits[j] =
          Math.exp(live.values("transfer.scale.theta")[j]) * cosine
              + live.values("transfer.scale.bias")[j];
    }
    return logits;
  }

  private static void assertRow(float[] actual, int row, double[] expected) {
    for (int k = 0; k < TASKS; k++) {
      assertThat((double) actual[row * TASKS + k]).isCloseTo(expected[k], CLOSE);
    }
  }

  @Test
  void usersGainWhatTheCopyKnowsOfTheTarget() {
    Combined model = combined(Mapping.NONE, List.of(), Polarisation.COSINE);
    float[] logits = batch.logits(model, randomised(model));
    for (int row = 0; row < ROW_TAG.length; row++) {
      assertRow(logits, row, ofTarget(row));
    }
  }

  @Test
  void rowsOfASourceAreSaidByTheFirstStageWhichLearnsFromAll() {
    trains(Polarisation.COSINE, SOURCE);
    trains(Polarisation.SQUARED_COSINE, SOURCE);
    trains(Polarisation.COSINE, new boolean[] {true, true, true});
    trains(Polarisation.COSINE, new boolean[0]);
  }

  /** What training says. */
  @SuppressWarnings("ArrayRecordComponent") // read in loops, never compared
  private record Said(float[] logits, List<int[]> rows, List<float[]> auxiliary, float penalty) {}

  private void trains(Polarisation polarisation, boolean[] source) {
    Combined model = combined(Mapping.NONE, List.of(), polarisation);
    ParameterSet set = randomised(model);
    Said said =
        batch.compute(
            set,
            (w, in) -> {
              TrainingOutputs outputs = model.training(w, with(w, in, null, source));
              return new Said(
                  Weights.read(outputs.logits()),
                  outputs.auxiliary().stream().map(Auxiliary::rows).toList(),
                  outputs.auxiliary().stream().map(of -> Weights.read(of.logits())).toList(),
                  Weights.read(Objects.requireNonNull(outputs.penalty()))[0]);
            });
    double penalty = 0;
    int ofTarget = 0;
    for (int row = 0; row < ROW_TAG.length; row++) {
      boolean isSource = source.length > 0 && source[ROW_IMPRESSION[row]];
      String kind = isSource ? "source" : "target";
      if (isSource) {
        assertRow(said.logits(), row, first(kind, row));
      } else {
        assertRow(said.logits(), row, ofTarget(row));
        assertThat(said.rows().get(0)[ofTarget]).isEqualTo(row);
        assertRow(said.auxiliary().get(0), ofTarget++, first(kind, row));
      }
      double cosine = cos(common(live, kind, batch.user(row)), independent(kind, row));
      penalty += polarisation == Polarisation.COSINE ? cosine : cosine * cosine;
    }
    assertThat(said.auxiliary()).hasSize(ofTarget == 0 ? 0 : 1);
    assertThat((double) said.penalty()).isCloseTo(GAMMA * penalty, Offset.offset(1e-4));
  }

  private static ModelInputs with(
      Weights w, ModelInputs in, @Nullable NDArray items, boolean[] source) {
    return ModelInputs.of(w, in.fields(), in.tags(), items, in.features().withSource(source))
        .withFrozen(in.frozen());
  }

  /** Further logits of the target's rows keep saying which rows they are of. */
  @Test
  void mappingGoesWithTheTargetsRows() {
    Combined model = combined(Mapping.AMVM, List.of(Unit.GDCN), Polarisation.COSINE);
    float[] items = PlainLayers.uniform(random, I * P * E);
    List<int[]> rows =
        batch.compute(
            randomised(model),
            (w, in) -> {
              NDArray privileged = w.input(items, items.length, false, I, P * E);
              return model.training(w, with(w, in, privileged, SOURCE)).auxiliary().stream()
                  .map(Auxiliary::rows)
                  .toList();
            });
    // The selected views, the supplementary network, the first stage; row 2 is of the source.
    assertThat(rows).hasSize(3).allSatisfy(of -> assertThat(of).containsExactly(0, 1, 3, 4));
  }

  @Test
  void theSecondStageTeachesNothingOfTheFirst() {
    Combined model = combined(Mapping.NONE, List.of(), Polarisation.COSINE);
    ParameterSet set = randomised(model);
    for (Parameter parameter : set.all()) {
      String name = parameter.name();
      boolean ofFirst = name.startsWith("transfer.") && !name.startsWith("transfer.unit.");
      if (ofFirst) {
        assertThat(batch.gradient(set, name, model::logits)).as(name).isZero();
      }
    }
    assertThat(batch.gradient(set, "transfer.unit.0.value.weight", model::logits)).isPositive();
  }

  @Test
  void factoredEqualsPairwise() {
    for (Mapping mapping : Mapping.values()) {
      Combined model = combined(mapping, List.of(Unit.MASKNET), Polarisation.COSINE);
      batch.assertFactoredEqualsPairwise(model, randomised(model), CLOSE);
    }
  }
}
