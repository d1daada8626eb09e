package io.tagstream.learner.model;

import static io.tagstream.learner.model.PlainLayers.concat;
import static io.tagstream.learner.model.PlainLayers.mixture;
import static io.tagstream.learner.model.PlainLayers.sigmoid;
import static io.tagstream.learner.model.PlainLayers.softmax;
import static io.tagstream.learner.model.TinyBatch.E;
import static io.tagstream.learner.model.TinyBatch.F;
import static io.tagstream.learner.model.TinyBatch.I;
import static io.tagstream.learner.model.TinyBatch.ROWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.DtnConfig;
import io.tagstream.learner.DtnConfig.Gdcn;
import io.tagstream.learner.DtnConfig.MaskNet;
import io.tagstream.learner.DtnConfig.MemoNet;
import io.tagstream.learner.DtnConfig.Restoring;
import io.tagstream.learner.DtnConfig.Unit;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** DTN and its units against their equations in plain Java, on tiny tensors. */
class DtnEquationsTest {

  private static final int OUT = 3;
  private static final int LAYERS = 2;
  private static final List<String> TASKS = List.of("click", "stay", "conversion");
  private static final Offset<Double> CLOSE = Offset.offset(1e-4);

  private final SplittableRandom random = new SplittableRandom(57);
  private final TinyBatch batch = new TinyBatch(random);
  private final PlainLayers plain = new PlainLayers(random);
  private final PlainUnits units = new PlainUnits(plain, LAYERS);

  private static MemoNet memoNet(
      boolean codebookPerFunction, Restoring restoring, Integer... keys) {
    return new MemoNet(2, 11, 3, codebookPerFunction, restoring, List.of(keys));
  }

  private static ModelConfig config(
      Map<String, List<Unit>> trimmed, MemoNet memoNet, boolean stopGradient) {
    return ModelConfig.of(Network.DTN)
        .withMultiTask(new ModelConfig.MultiTask(1, 1, 1, List.of(4), 0))
        .withDtn(
            new DtnConfig(
                List.of(Unit.values()),
                trimmed,
                OUT,
                new Gdcn(LAYERS, 0),
                new MaskNet(7, 6),
                memoNet,
                stopGradient));
  }

  // ---- Units, on users without a tag

  /** A unit on the users' fields, {@code [I, out]}. */
  private double[][] onUsers(InteractionUnit unit, int[][] addresses) {
    ParameterSet set = new ParameterSet(1);
    unit.declare(set, "unit");
    plain.randomised(set);
    float[] values =
        batch.read(
            set,
            (w, in) -> {
              List<NDArray> words = Arrays.stream(addresses).map(w::indices).toList();
              NDArray fields = in.fields().reshape(I, F, E);
              return unit.forward(w, "unit", new InteractionInput(fields, words));
            });
    assertThat(values).hasSize(I * OUT);
    double[][] rows = new double[I][];
    for (int i = 0; i < I; i++) {
      rows[i] = PlainLayers.slice(values, i * OUT, OUT);
    }
    return rows;
  }

  private double[] user(int impression) {
    return PlainLayers.slice(batch.fields, impression * F * E, F * E);
  }

  @Test
  void gdcnOfFullRank() {
    double[][] actual = onUsers(new GdcnUnit(F * E, OUT, new Gdcn(LAYERS, 0)), new int[0][]);
    for (int i = 0; i < I; i++) {
      assertThat(actual[i]).containsExactly(units.gdcn("unit", user(i)), CLOSE);
    }
  }

  @Test
  void gdcnOfLowRank() {
    double[][] actual = onUsers(new GdcnUnit(F * E, OUT, new Gdcn(LAYERS, 2)), new int[0][]);
    for (int i = 0; i < I; i++) {
      assertThat(actual[i]).containsExactly(units.gdcn("unit", user(i)), CLOSE);
    }
  }

  @Test
  void maskNet() {
    double[][] actual = onUsers(new MaskNetUnit(F, E, OUT, new MaskNet(7, 6)), new int[0][]);
    for (int i = 0; i < I; i++) {
      assertThat(actual[i]).containsExactly(units.maskNet("unit", user(i)), CLOSE);
    }
  }

  @Test
  void memoNetWithLinearRestoring() {
    memoNetOnUsers(memoNet(false, Restoring.LMR, 1, 3));
  }

  @Test
  void memoNetWithAttentiveRestoring() {
    memoNetOnUsers(memoNet(true, Restoring.AMR, 0));
  }

  private void memoNetOnUsers(MemoNet sizes) {
    FieldPairs pairs = new FieldPairs(F, Set.copyOf(sizes.keyFields()));
    FieldValues values = FieldValues.ofUsers(ROWS.fieldOffsets(), ROWS.fieldIds(), F);
    double[][] actual =
        onUsers(
            new MemoNetUnit(pairs, E, OUT, sizes), new CodebookAddresses(pairs, sizes).of(values));
    for (int i = 0; i < I; i++) {
      double[] expected = memoNet("unit", user(i), sizes, pairs, valuesOf(values, i));
      assertThat(actual[i]).containsExactly(expected, CLOSE);
    }
  }

  private static long[] valuesOf(FieldValues values, int instance) {
    long[] own = new long[values.fields()];
    for (int f = 0; f < own.length; f++) {
      own[f] = values.at(instance, f);
    }
    return own;
  }

  // ---- The units' equations

  private double[] memoNet(
      String name, double[] x, MemoNet sizes, FieldPairs pairs, long[] values) {
    double[] all = x;
    for (int net = 0; net < sizes.nets(); net++) {
      String memory = name + ".memory." + net;
      double[] shares = plain.mlp(memory + ".shrink", x, 1);
      double[] fields = new double[x.length];
      int pair = 0;
      for (int i = 0; i < x.length / E; i++) {
        for (int j = i + 1; j < x.length / E; j++) {
          if (!sizes.keyFields().contains(i) && !sizes.keyFields().contains(j)) {
            continue;
          }
          double[] both =
              concat(
                  Arrays.copyOfRange(x, i * E, i * E + E), Arrays.copyOfRange(x, j * E, j * E + E));
          double[] words = words(memory, sizes, pairs, pair, net, values);
          if (sizes.restoring() == Restoring.AMR) {
            double[] attention = plain.mlp(memory + ".attention", both, 1);
            for (int c = 0; c < words.length; c++) {
              words[c] *= attention[c];
            }
          }
          double[] restored = plain.product(memory + ".restore.weight", words);
          for (int c = 0; c < E; c++) {
            fields[i * E + c] += shares[pair] * restored[c];
            fields[j * E + c] += shares[pair] * restored[c];
          }
          pair++;
        }
      }
      assertThat(pair).isEqualTo(pairs.count());
      all = concat(all, fields);
    }
    return plain.linear(name + ".out", all);
  }

  /** The words of one pair of one instance, whose addresses are computed for it alone. */
  private double[] words(
      String memory, MemoNet sizes, FieldPairs pairs, int pair, int net, long[] values) {
    int[][] addresses =
        new CodebookAddresses(pairs, sizes).of(new FieldValues(values.length, values));
    double[] words = new double[0];
    for (int f = 0; f < sizes.functions(); f++) {
      int row = addresses[net][pair * sizes.functions() + f];
      words = concat(words, PlainLayers.slice(plain.values(memory + ".codebook"), row * E, E));
    }
    return words;
  }

  // ---- The network

  @Test
  void network() {
    MemoNet sizes = memoNet(false, Restoring.LMR, 1, F);
    ModelConfig config = config(Map.of("stay", List.of(Unit.GDCN)), sizes, false);
    Dtn model = new Dtn(TASKS, F, E, config);
    float[] actual = batch.logits(model, plain.randomised(model));
    for (int r = 0; r < TinyBatch.rows(); r++) {
      double[] expected = logits(r, config);
      for (int k = 0; k < TASKS.size(); k++) {
        assertThat((double) actual[r * TASKS.size() + k])
            .isCloseTo(expected[k], within(1e-4 * Math.max(1, Math.abs(expected[k]))));
      }
    }
  }

  private double[] logits(int row, ModelConfig config) {
    double[] x = concat(batch.user(row), batch.tag(row));
    double[] logits = new double[TASKS.size()];
    double[][] shared = module("shared", DtnConfig.SHARED, row, x, config);
    double[][] before = new double[0][];
    for (int k = 0; k < logits.length; k++) {
      double[][] own = module(String.valueOf(k), TASKS.get(k), row, x, config);
      List<double[]> others = new ArrayList<>();
      for (double[] vector : before) {
        double probability = sigmoid(logits[k - 1]);
        others.add(Arrays.stream(vector).map(v -> probability * v).toArray());
      }
      others.addAll(List.of(shared));
      double[] fromOthers =
          mixture(
              softmax(plain.linear("gate." + k + ".other", x)), others.toArray(double[][]::new));
      double[] fromOwn = mixture(softmax(plain.linear("gate." + k + ".own", x)), own);
      logits[k] = plain.mlp("tower." + k, concat(fromOthers, fromOwn), 1)[0];
      before = own;
    }
    return logits;
  }

  private double[][] module(String number, String name, int row, double[] x, ModelConfig config) {
    MemoNet sizes = config.dtn().memoNet();
    FieldPairs pairs = new FieldPairs(F + 1, Set.copyOf(sizes.keyFields()));
    long[] values = valuesOf(FieldValues.ofRows(ROWS, F), row);
    String prefix = "module." + number + ".";
    List<double[]> outputs = new ArrayList<>();
    if (!name.equals("stay")) {
      outputs.add(units.gdcn(prefix + "gdcn", x));
    }
    outputs.add(units.maskNet(prefix + "masknet", x));
    outputs.add(memoNet(prefix + "memonet", x, sizes, pairs, values));
    return outputs.toArray(double[][]::new);
  }

  @Test
  void gateWeightsAreMeansOverRows() {
    ModelConfig config =
        config(Map.of("click", List.of(Unit.MASKNET)), memoNet(false, Restoring.LMR), false);
    Dtn model = new Dtn(TASKS, F, E, config);
    ParameterSet set = plain.randomised(model);
    List<GatedUnits.UnitWeight> weights = batch.compute(set, model.gatedUnits()::unitWeights);
    assertThat(weights)
        .extracting(
            weight -> weight.task() + " " + weight.module() + " " + weight.unit().configName())
        .startsWith(
            "click click gdcn",
            "click click memonet",
            "click shared gdcn",
            "click shared masknet",
            "click shared memonet",
            "stay stay gdcn",
            "stay stay masknet",
            "stay stay memonet",
            "stay click gdcn",
            "stay click memonet",
            "stay shared gdcn")
        .hasSize(5 + 8 + 9);
    double mean = 0;
    for (int r = 0; r < TinyBatch.rows(); r++) {
      double[] x = concat(batch.user(r), batch.tag(r));
      mean += softmax(plain.linear("gate.1.other", x))[1] / TinyBatch.rows();
    }
    assertThat((double) weights.get(9).mean()).isCloseTo(mean, within(1e-6));
  }

  @Test
  void aLaterTaskTeachesAnEarlierOneUnlessItsGradientStops() {
    assertThat(gradientOfFirstTower(false)).isPositive();
    assertThat(gradientOfFirstTower(true)).isZero();
  }

  /** How much the second task's logits move the first task's tower. */
  private double gradientOfFirstTower(boolean stopGradient) {
    Dtn model = new Dtn(TASKS, F, E, config(Map.of(), memoNet(false, Restoring.LMR), stopGradient));
    ParameterSet set = plain.randomised(model);
    return batch.gradient(
        set, "tower.0.1.weight", (w, in) -> Layers.columns(model.logits(w, in), 1, 2));
  }

  @Test
  void modulesAndFieldsMustBeThere() {
    assertThatThrownBy(
            () ->
                new Dtn(
                    TASKS,
                    F,
                    E,
                    config(Map.of("buy", List.of()), memoNet(false, Restoring.LMR), false)))
        .hasMessageContaining("model.dtn.trimmed: buy - is no task");
    assertThatThrownBy(
            () ->
                new Dtn(TASKS, F, E, config(Map.of(), memoNet(false, Restoring.LMR, F + 1), false)))
        .hasMessageContaining("model.dtn.key-fields: [5] - must be among the 5 fields");
    assertThatThrownBy(
            () ->
                config(
                    Map.of("stay", List.of(Unit.values())), memoNet(false, Restoring.LMR), false))
        .hasMessageContaining("model.dtn.trimmed.stay");
  }
}
