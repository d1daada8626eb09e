package io.tagstream.learner.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.ModelConfig.Mapping;
import io.tagstream.learner.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** CTMVM against its equations written out in plain Java, on tiny tensors. */
class CtmvmEquationsTest {

  private static final int I = 3;
  private static final int F = 2;
  private static final int E = 3;
  private static final int P = 2;
  private static final int D = 3;
  private static final int WIDTH = 4;
  private static final int TASKS = 2;
  private static final int VIEWS = 3;
  private static final float RHO = 0.25f;
  private static final List<Integer> HIDDEN = List.of(5, 4);
  private static final int[] ROW_IMPRESSION = {0, 0, 1, 2, 2, 0, 2};
  private static final int[] ROW_TAG = {0, 1, 1, 0, 2, 2, 1};

  /** The last two rows are sampled negatives. */
  private static final int SHOWN = 5;

  private static final Offset<Double> CLOSE = Offset.offset(1e-5);

  private final SplittableRandom random = new SplittableRandom(31);
  private final float[] fields = uniform(I * F * E);
  private final float[] tags = uniform(D * E);
  private final float[] privileged = uniform(I * P * E);
  private final PlainNetwork plain = new PlainNetwork();

  CtmvmEquationsTest() {
    // Of the last item's second field nothing is known.
    Arrays.fill(privileged, I * P * E - E, I * P * E, 0f);
  }

  private float[] uniform(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private static Ctmvm model(Mapping mapping, int views, List<Integer> hidden) {
    ModelConfig config =
        ModelConfig.of(Network.CTMVM)
            .withSizes(WIDTH, hidden)
            .withCtmvm(new ModelConfig.Ctmvm(mapping, views, RHO, true));
    return new Ctmvm(TASKS, new PairInput(F, E), E, P, config);
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

  /** What one pass says, read back. */
  @SuppressWarnings("ArrayRecordComponent") // read in loops, never compared
  private record Said(float[] profile, float[] logits, List<float[]> auxiliary, double penalty) {}

  private Said said(TagModel model, ParameterSet set) {
    try (NDManager manager = Tensors.cpu()) {
      Weights w = new Weights(manager, new HostBuffer(), set, false);
      ModelInputs in = inputs(w, false);
      TrainingOutputs outputs = model.training(w, in);
      List<float[]> auxiliary = new ArrayList<>();
      outputs.auxiliary().forEach(output -> auxiliary.add(Weights.read(output.logits())));
      ModelInputs profile = ModelInputs.of(w, in.fields(), in.tags(), null, in.features());
      return new Said(
          Weights.read(model.logits(w, profile)),
          Weights.read(outputs.logits()),
          auxiliary,
          outputs.penalty() == null ? 0 : Weights.read(outputs.penalty())[0]);
    }
  }

  private ModelInputs inputs(Weights w, boolean trained) {
    return ModelInputs.of(
        w,
        w.input(fields, fields.length, trained, I, F * E),
        w.input(tags, tags.length, trained, D, E),
        w.input(privileged, privileged.length, trained, I, P * E),
        new RowFeatures(
            SHOWN,
            0,
            ROW_IMPRESSION,
            ROW_TAG,
            new int[] {0, 1, 2, 3},
            new long[D],
            new int[I * F + 1],
            new long[0]));
  }

  private double[] user(int row) {
    return PlainNetwork.slice(fields, ROW_IMPRESSION[row] * F * E, F * E);
  }

  private double[] tag(int row) {
    return PlainNetwork.slice(tags, ROW_TAG[row] * E, E);
  }

  private double[] item(int row) {
    return PlainNetwork.slice(privileged, ROW_IMPRESSION[row] * P * E, P * E);
  }

  private double[] tower(String name, int row, double[] further) {
    return plain.pairTower(name, HIDDEN.size(), user(row), tag(row), further);
  }

  private static void assertRow(float[] actual, int row, double[] expected) {
    for (int k = 0; k < TASKS; k++) {
      assertThat((double) actual[row * TASKS + k]).isCloseTo(expected[k], CLOSE);
    }
  }

  @Test
  void withoutMappingItIsTheBaseNetwork() {
    Ctmvm model = model(Mapping.NONE, 1, HIDDEN);
    Said said = said(model, declared(model));
    assertThat(said.auxiliary()).isEmpty();
    assertThat(said.penalty()).isZero();
    for (int r = 0; r < ROW_TAG.length; r++) {
      assertRow(said.logits(), r, tower("main", r, new double[0]));
    }
  }

  @Test
  void withoutHiddenLayersTheTowerIsLinear() {
    Ctmvm model = model(Mapping.NONE, 1, List.of());
    Said said = said(model, declared(model));
    for (int r = 0; r < ROW_TAG.length; r++) {
      assertRow(said.logits(), r, plain.pairTower("main", 0, user(r), tag(r), new double[0]));
    }
  }

  @Test
  void pkm() {
    Ctmvm model = model(Mapping.PKM, VIEWS, HIDDEN);
    Said said = said(model, declared(model));
    assertThat(said.profile()).isEqualTo(said.logits());
    assertThat(said.auxiliary()).hasSize(1);
    assertThat(said.auxiliary().get(0)).hasSize(SHOWN * TASKS);
    double loss = 0;
    for (int r = 0; r < ROW_TAG.length; r++) {
      double[] mapped = plain.tanhMlp("map.0.0", tag(r), 1);
      assertRow(said.logits(), r, tower("main", r, mapped));
      if (r < SHOWN) {
        assertRow(said.auxiliary().get(0), r, tower("supplementary", r, item(r)));
        loss += distance(item(r), mapped, known(r));
      }
    }
    assertThat(said.penalty()).isCloseTo(RHO * loss, CLOSE);
  }

  @Test
  void amvm() {
    Ctmvm model = model(Mapping.AMVM, VIEWS, HIDDEN);
    Said said = said(model, declared(model));
    assertThat(said.profile()).isEqualTo(said.logits());
    assertThat(said.auxiliary()).hasSize(2);
    double loss = 0;
    Set<Integer> chosen = new HashSet<>();
    for (int r = 0; r < ROW_TAG.length; r++) {
      double[] aggregated = new double[P * E];
      double[] selected = new double[P * E];
      for (int p = 0; p < P; p++) {
        double[][] views = views(r, p);
        double[] shares = gate(r, p, views);
        for (int n = 0; n < VIEWS; n++) {
          for (int c = 0; c < E; c++) {
            aggregated[p * E + c] += shares[n] * views[n][c];
          }
        }
        int nearest = nearest(r, p, views);
        System.arraycopy(views[nearest], 0, selected, p * E, E);
        chosen.add(p * VIEWS + nearest);
      }
      assertRow(said.logits(), r, tower("main", r, aggregated));
      if (r < SHOWN) {
        assertRow(said.auxiliary().get(0), r, tower("main", r, selected));
        assertRow(said.auxiliary().get(1), r, tower("supplementary", r, item(r)));
        loss += distance(item(r), selected, known(r));
      }
    }
    assertThat(said.penalty()).isCloseTo(RHO * loss, CLOSE);
    assertThat(chosen).as("views that this test selects").hasSizeGreaterThan(2);
  }

  private double[][] views(int row, int p) {
    double[][] views = new double[VIEWS][];
    for (int n = 0; n < VIEWS; n++) {
      views[n] = plain.tanhMlp("map." + p + "." + n, tag(row), 1);
    }
    return views;
  }

  private double[] gate(int row, int p, double[][] views) {
    double[] scores = new double[VIEWS];
    for (int n = 0; n < VIEWS; n++) {
      double[] first = plain.pairLayer("gate." + p, user(row), tag(row), views[n]);
      scores[n] = plain.product("gate." + p + ".out", PlainNetwork.tanh(first))[0];
    }
    return PlainNetwork.softmax(scores);
  }

  private int nearest(int row, int p, double[][] views) {
    double[] target = Arrays.copyOfRange(item(row), p * E, (p + 1) * E);
    int best = 0;
    for (int n = 1; n < VIEWS; n++) {
      if (distance(target, views[n], 1) < distance(target, views[best], 1)) {
        best = n;
      }
    }
    return best;
  }

  /** How many fields of the row's item are known: all, or all but the last. */
  private static int known(int row) {
    return ROW_IMPRESSION[row] == I - 1 ? P - 1 : P;
  }

  private static double distance(double[] a, double[] b, int knownFields) {
    double sum = 0;
    for (int c = 0; c < knownFields * E; c++) {
      sum += (a[c] - b[c]) * (a[c] - b[c]);
    }
    return sum;
  }

  @Test
  void theMappingLossReachesSelectedMapsAlone() {
    Ctmvm model = model(Mapping.AMVM, VIEWS, HIDDEN);
    ParameterSet set = declared(model);
    Set<String> selected = new HashSet<>();
    for (int r = 0; r < SHOWN; r++) {
      for (int p = 0; p < known(r); p++) {
        selected.add("map." + p + "." + nearest(r, p, views(r, p)));
      }
    }
    Set<String> reached = new HashSet<>();
    try (NDManager manager = Tensors.cpu()) {
      JniUtils.setGradMode(true);
      Weights w = new Weights(manager, new HostBuffer(), set, true);
      ModelInputs in = inputs(w, true);
      NDArray penalty = Objects.requireNonNull(model.training(w, in).penalty());
      Weights.backward(penalty, penalty.onesLike(), false);
      for (Parameter parameter : set.all()) {
        if (Tensors.reached(w.get(parameter.name()))) {
          reached.add(parameter.name().replaceAll("\\.[01]\\.(weight|bias)$", ""));
        }
      }
      assertThat(Tensors.reached(Objects.requireNonNull(in.privileged()))).isFalse();
      assertThat(Tensors.reached(in.fields())).isFalse();
      assertThat(Tensors.reached(in.tags())).isTrue();
    }
    assertThat(reached).isEqualTo(selected);
    assertThat(selected).hasSizeLessThan(P * VIEWS);
  }

  @Test
  void theSupplementaryNetworkTeachesPrivilegedEmbeddings() {
    Ctmvm model = model(Mapping.AMVM, VIEWS, HIDDEN);
    ParameterSet set = declared(model);
    try (NDManager manager = Tensors.cpu()) {
      JniUtils.setGradMode(true);
      Weights w = new Weights(manager, new HostBuffer(), set, true);
      ModelInputs in = inputs(w, true);
      TrainingOutputs outputs = model.training(w, in);
      NDArray items = Objects.requireNonNull(in.privileged());
      Weights.backward(outputs.logits(), outputs.logits().onesLike(), true);
      NDArray auxiliary = outputs.auxiliary().get(0).logits();
      Weights.backward(auxiliary, auxiliary.onesLike(), true);
      assertThat(Tensors.reached(items)).isFalse();
      NDArray supplementary = outputs.auxiliary().get(1).logits();
      Weights.backward(supplementary, supplementary.onesLike(), false);
      assertThat(Tensors.reached(items)).isTrue();
    }
  }
}
