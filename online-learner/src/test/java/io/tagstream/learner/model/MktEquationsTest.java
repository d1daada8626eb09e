package io.tagstream.learner.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.tagstream.learner.MktConfig;
import io.tagstream.learner.MktConfig.Cross;
import io.tagstream.learner.MktConfig.Polarisation;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** MKT against its equations written out in plain Java, on tiny tensors. */
class MktEquationsTest {

  private static final int I = 3;
  private static final int F = 2;
  private static final int E = 3;
  private static final int P = 2;
  private static final int D = 3;
  private static final int S = 3;
  private static final int TASKS = 2;
  private static final int WIDTH = 4;
  private static final int ALIGNED = 5;
  private static final List<Integer> HIDDEN = List.of(6);
  private static final float GAMMA = 0.25f;
  private static final int[] ROW_IMPRESSION = {0, 0, 1, 2, 2, 0, 1};
  private static final int[] ROW_TAG = {0, 1, 1, 0, 2, 2, 0};

  /** The last two rows are sampled negatives, one of the target and one of a source. */
  private static final int SHOWN = 5;

  /** Impression 1 is of a source. */
  private static final boolean[] MIXED = {false, true, false};

  /** Of impression 2 no place is known. */
  private static final boolean[] KNOWN = {true, true, true, true, false, true, false, false, false};

  private static final Offset<Double> CLOSE = Offset.offset(1e-5);

  private final SplittableRandom random = new SplittableRandom(47);

  /** Embedding values, as they are or as they were when the copy was taken. */
  private final class Values {
    final float[] fields = uniform(I * F * E);
    final float[] tags = uniform(D * E);
    final float[] privileged = uniform(I * P * E);
    final float[] history = uniform(I * S * E);
    final PlainNetwork plain = new PlainNetwork();

    ModelInputs inputs(Weights w, boolean[] source, boolean trained) {
      RowFeatures rows =
          new RowFeatures(
              SHOWN,
              3,
              ROW_IMPRESSION,
              ROW_TAG,
              new int[] {0, 1, 2, 3},
              new long[D],
              new int[I * F + 1],
              new long[0],
              source);
      return ModelInputs.of(
              w,
              w.input(fields, fields.length, trained, I, F * E),
              w.input(tags, tags.length, trained, D, E),
              w.input(privileged, privileged.length, trained, I, P * E),
              rows)
          .withHistory(History.of(w, history, KNOWN, I, trained));
    }

    double[] user(int row) {
      return PlainNetwork.slice(fields, ROW_IMPRESSION[row] * F * E, F * E);
    }

    double[] tag(int row) {
      return PlainNetwork.slice(tags, ROW_TAG[row] * E, E);
    }

    double[] item(int row) {
      return PlainNetwork.slice(privileged, ROW_IMPRESSION[row] * P * E, P * E);
    }

    double[] missing(String kind) {
      return PlainNetwork.slice(plain.values("mem." + kind + ".missing"), 0, P * E);
    }

    /** {@code v_seq}. */
    double[] attended(String name, int row) {
      double[] query = plain.product(name + ".query", tag(row));
      double[] places = new double[E];
      double sum = 0;
      for (int s = 0; s < S; s++) {
        int at = ROW_IMPRESSION[row] * S + s;
        if (KNOWN[at]) {
          double[] place = PlainNetwork.slice(history, at * E, E);
          double share = Math.exp(PlainLayers.dot(query, place) / Math.sqrt(E));
          sum += share;
          places = PlainNetwork.sum(places, scaled(place, share));
        }
      }
      return sum == 0 ? places : scaled(places, 1 / sum);
    }

    double[] aligned(String kind, double[] specific, Cross cross) {
      return alignment("mem." + kind + ".alignment", specific, cross);
    }

    double[] alignment(String name, double[] specific, Cross cross) {
      double[] explicit = specific;
      for (int layer = 0; layer < 2; layer++) {
        String of = name + ".cross." + layer;
        double[] bias = PlainNetwork.slice(plain.values(of + ".bias"), 0, P * E);
        explicit =
            switch (cross) {
              case PAPER ->
                  PlainNetwork.sum(
                      PlainNetwork.sum(scaled(explicit, plain.product(of, specific)[0]), bias),
                      specific);
              case DCN ->
                  PlainNetwork.sum(
                      PlainNetwork.sum(scaled(specific, plain.product(of, explicit)[0]), bias),
                      explicit);
            };
      }
      double[] implicit = PlainNetwork.relu(plain.linear(name + ".implicit", specific));
      double[] scores = plain.linear(name + ".importance", PlainLayers.concat(explicit, implicit));
      double[] weighed = specific.clone();
      for (int c = 0; c < weighed.length; c++) {
        weighed[c] *= 2 * PlainLayers.sigmoid(scores[c / E]);
      }
      return PlainNetwork.relu(plain.linear(name + ".aligned", weighed));
    }

    /** {@code g_com} of two levels, an expert of each kind's own and two shared ones. */
    double[] common(String kind, int row, double[] specific, Cross cross) {
      double[] m = PlainLayers.concat(attended("mem.history", row), aligned(kind, specific, cross));
      Function<String, double[]> first =
          name -> plain.pairLayer("mem.common.level.0.group." + name, user(row), tag(row), m);
      double[][] below = new double[3][];
      double[][][] experts = new double[3][][];
      for (int group = 0; group < 3; group++) {
        experts[group] = new double[group < 2 ? 1 : 2][];
        for (int i = 0; i < experts[group].length; i++) {
          String of = group + ".expert." + i;
          double[] hidden = PlainNetwork.relu(first.apply(of + ".0"));
          String then = "mem.common.level.0.group." + of + ".then.0";
          experts[group][i] = PlainNetwork.relu(plain.linear(then, hidden));
        }
      }
      for (int group = 0; group < 3; group++) {
        double[] shares = PlainNetwork.softmax(first.apply(group + ".gate"));
        below[group] =
            group < 2
                ? PlainLayers.mixture(shares, experts[group][0], experts[2][0], experts[2][1])
                : PlainLayers.mixture(
                    shares, experts[0][0], experts[1][0], experts[2][0], experts[2][1]);
      }
      int own = kind.equals("target") ? 0 : 1;
      String last = "mem.common.level.1.group.";
      double[] shares = PlainNetwork.softmax(plain.linear(last + own + ".gate", below[own]));
      return PlainLayers.mixture(
          shares,
          second(last + own + ".expert.0", below[own]),
          second(last + "2.expert.0", below[2]),
          second(last + "2.expert.1", below[2]));
    }

    private double[] second(String name, double[] x) {
      double[] hidden = PlainNetwork.relu(plain.linear(name + ".0", x));
      return PlainNetwork.relu(plain.linear(name + ".1", hidden));
    }

    /** {@code g_ind}. */
    double[] independent(String kind, int row, double[] specific) {
      String name = "mem." + kind + ".independent";
      double[] m = PlainLayers.concat(attended("mem.history", row), specific);
      double[] hidden = PlainNetwork.relu(plain.pairLayer(name + ".0", user(row), tag(row), m));
      return PlainNetwork.relu(plain.linear(name + ".then.0", hidden));
    }

    double[] logits(String kind, int row, double[] specific, Cross cross) {
      double[] both =
          PlainLayers.concat(common(kind, row, specific, cross), independent(kind, row, specific));
      double[] logits = new double[TASKS];
      for (int k = 0; k < TASKS; k++) {
        logits[k] = mlp("mem." + kind + ".tower." + k, both)[0];
      }
      return logits;
    }

    double[] mlp(String name, double[] x) {
      return plain.linear(name + ".1", PlainNetwork.relu(plain.linear(name + ".0", x)));
    }

    /** {@code x + GLU(other)}. */
    double[] gated(String name, double[] x, double[] other) {
      double[] gate = plain.linear("tem.gate." + name + ".gate", other);
      double[] value = plain.linear("tem.gate." + name + ".value", other);
      double[] sum = x.clone();
      for (int c = 0; c < sum.length; c++) {
        sum[c] += value[c] * PlainLayers.sigmoid(gate[c]);
      }
      return sum;
    }
  }

  private final Values live = new Values();
  private final Values once = new Values();

  private static double[] scaled(double[] x, double factor) {
    return Arrays.stream(x).map(v -> v * factor).toArray();
  }

  private float[] uniform(int size) {
    return PlainLayers.uniform(random, size);
  }

  private static Mkt model(Cross cross, Polarisation polarisation, float missingRate) {
    ModelConfig config =
        ModelConfig.of(Network.MKT)
            .withSizes(WIDTH, HIDDEN)
            .withMultiTask(new ModelConfig.MultiTask(2, 1, 2, List.of(3), 0))
            .withMkt(
                new MktConfig("item", 0, S, cross, ALIGNED, polarisation, GAMMA, missingRate, 10));
    return new Mkt(TASKS, F, E, P, config);
  }

  private ParameterSet randomised(ParameterSet set, PlainNetwork plain) {
    for (Parameter parameter : set.all()) {
      float[] values = uniform(parameter.size());
      System.arraycopy(values, 0, parameter.values(), 0, values.length);
    }
    plain.take(set);
    return set;
  }

  private ParameterSet declared(Mkt model) {
    ParameterSet set = new ParameterSet(1);
    model.declare(set);
    return randomised(set, live.plain);
  }

  private ParameterSet copied(Mkt model) {
    ParameterSet set = new ParameterSet(1);
    model.declareCopied(set);
    return randomised(set, once.plain);
  }

  /** What one pass says, read back. */
  @SuppressWarnings("ArrayRecordComponent") // read in loops, never compared
  private record Said(
      float[] profile,
      float[] logits,
      float[] reported,
      List<int[]> rows,
      List<float[]> auxiliary,
      double penalty) {}

  private Said said(Mkt model, boolean[] source) {
    ParameterSet set = declared(model);
    ParameterSet copy = copied(model);
    try (NDManager manager = Tensors.cpu()) {
      Weights w = new Weights(manager, new HostBuffer(), set, false);
      Weights frozen = new Weights(manager, new HostBuffer(), copy, false);
      ModelInputs in =
          live.inputs(w, source, false)
              .withFrozen(new FrozenInputs(frozen, once.inputs(frozen, source, false)));
      TrainingOutputs outputs = model.training(w, in);
      return new Said(
          Weights.read(model.logits(w, in)),
          Weights.read(outputs.logits()),
          Weights.read(outputs.atProfileTime()),
          outputs.auxiliary().stream().map(Auxiliary::rows).toList(),
          outputs.auxiliary().stream().map(of -> Weights.read(of.logits())).toList(),
          Weights.read(Objects.requireNonNull(outputs.penalty()))[0]);
    }
  }

  /** What the second stage says. */
  private double[] ofTarget(int row, double[] specific, Cross cross) {
    double[] history =
        live.gated("history", live.attended("tem.history", row), once.attended("mem.history", row));
    double[] hidden =
        PlainNetwork.relu(
            live.plain.pairLayer(
                "tem.extractor.0",
                live.gated("user", live.user(row), once.user(row)),
                live.gated("shared", live.tag(row), once.tag(row)),
                history));
    double[] extracted = PlainNetwork.relu(live.plain.linear("tem.extractor.then.0", hidden));
    double[] common = once.common("target", row, specific, cross);
    return live.mlp("tem.tower", live.gated("common", extracted, common));
  }

  /** 0 where a vector has no length, as behind ReLU it may have. */
  private static double cosine(double[] a, double[] b) {
    double squares =
        Math.max(PlainLayers.dot(a, a), FactoredView.EPSILON)
            * Math.max(PlainLayers.dot(b, b), FactoredView.EPSILON);
    return PlainLayers.dot(a, b) / Math.sqrt(squares);
  }

  private static void assertRow(float[] actual, int row, double[] expected) {
    for (int k = 0; k < TASKS; k++) {
      assertThat((double) actual[row * TASKS + k]).isCloseTo(expected[k], CLOSE);
    }
  }

  private void check(Cross cross, Polarisation polarisation, float missingRate, boolean[] source) {
    Said said = said(model(cross, polarisation, missingRate), source);
    RowFeatures features =
        new RowFeatures(
            SHOWN, 3, ROW_IMPRESSION, ROW_TAG, new int[1], new long[0], new int[1], new long[0]);
    boolean[] blind = EntityRows.blind(features, missingRate);
    double penalty = 0;
    int ofTarget = 0;
    for (int r = 0; r < ROW_TAG.length; r++) {
      boolean isSource = source.length > 0 && source[ROW_IMPRESSION[r]];
      String kind = isSource ? "source" : "target";
      double[] specific = blind[r] ? live.missing(kind) : live.item(r);
      double[] first = live.logits(kind, r, specific, cross);
      if (isSource) {
        assertRow(said.logits(), r, first);
        assertRow(said.reported(), r, live.logits(kind, r, live.missing(kind), cross));
      } else {
        double[] copied = blind[r] ? once.missing(kind) : once.item(r);
        assertRow(said.logits(), r, ofTarget(r, copied, cross));
        assertRow(said.reported(), r, ofTarget(r, once.missing(kind), cross));
        assertRow(said.profile(), r, ofTarget(r, once.missing(kind), cross));
        assertThat(said.rows().get(0)[ofTarget]).isEqualTo(r);
        assertRow(said.auxiliary().get(0), ofTarget++, first);
      }
      if (r < SHOWN) {
        double cosine =
            cosine(live.common(kind, r, specific, cross), live.independent(kind, r, specific));
        penalty += polarisation == Polarisation.COSINE ? cosine : cosine * cosine;
      }
    }
    assertThat(said.auxiliary()).hasSize(ofTarget == 0 ? 0 : 1);
    assertThat(said.penalty()).isCloseTo(GAMMA * penalty, Offset.offset(1e-4));
  }

  @Test
  void bothStagesAsPrinted() {
    check(Cross.PAPER, Polarisation.COSINE, 0.4f, MIXED);
  }

  @Test
  void bothStagesWithTheOtherCrossAndSquaredCosine() {
    check(Cross.DCN, Polarisation.SQUARED_COSINE, 1e-6f, MIXED);
  }

  @Test
  void aBatchMayHaveRowsOfOneKindAlone() {
    check(Cross.PAPER, Polarisation.COSINE, 0.4f, new boolean[0]);
    check(Cross.PAPER, Polarisation.COSINE, 0.4f, new boolean[] {true, true, true});
  }

  @Test
  void blindRowsAreSampledOnesAndAShareOfTheOthers() {
    int rows = 2000;
    int shown = 1500;
    RowFeatures features =
        new RowFeatures(
            shown,
            9,
            new int[rows],
            new int[rows],
            new int[1],
            new long[0],
            new int[1],
            new long[0]);
    boolean[] blind = EntityRows.blind(features, 0.3f);
    int ofShown = 0;
    for (int r = 0; r < rows; r++) {
      ofShown += r < shown && blind[r] ? 1 : 0;
      assertThat(r < shown || blind[r]).isTrue();
    }
    assertThat(ofShown / (double) shown).isBetween(0.26, 0.34);
    assertThat(EntityRows.blind(features, 0.3f)).isEqualTo(blind);
  }

  @Test
  void theSecondStageTeachesNothingOfTheFirstAndNoItem() {
    Mkt model = model(Cross.PAPER, Polarisation.COSINE, 0.4f);
    ParameterSet set = declared(model);
    ParameterSet copy = copied(model);
    try (NDManager manager = Tensors.cpu()) {
      JniUtils.setGradMode(true);
      Weights w = new Weights(manager, new HostBuffer(), set, true);
      Weights frozen = new Weights(manager, new HostBuffer(), copy, false);
      ModelInputs in =
          live.inputs(w, new boolean[0], true)
              .withFrozen(new FrozenInputs(frozen, once.inputs(frozen, new boolean[0], false)));
      NDArray logits = model.training(w, in).logits();
      Weights.backward(logits, logits.onesLike(), false);
      for (Parameter parameter : set.all()) {
        assertThat(Tensors.reached(w.get(parameter.name())))
            .as(parameter.name())
            .isEqualTo(parameter.name().startsWith("tem."));
      }
      assertThat(Tensors.reached(Objects.requireNonNull(in.privileged()))).isFalse();
      assertThat(Tensors.reached(in.fields())).isTrue();
      assertThat(Tensors.reached(in.tags())).isTrue();
      assertThat(Tensors.reached(Objects.requireNonNull(in.history()).values())).isTrue();
    }
  }
}
