package io.tagstream.learner.model;

import static io.tagstream.learner.model.PlainLayers.dot;
import static io.tagstream.learner.model.PlainLayers.mixture;
import static io.tagstream.learner.model.PlainLayers.relu;
import static io.tagstream.learner.model.PlainLayers.sigmoid;
import static io.tagstream.learner.model.PlainLayers.softmax;
import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.Network;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The networks that score pair by pair against their equations in plain Java. */
class MultiTaskEquationsTest {

  private static final int TASKS = 3;
  private static final int OUT = 6;
  private static final int SHARED = 3;
  private static final int OWN = 2;
  private static final float PENALTY = 0.6f;
  private static final List<Integer> HIDDEN = List.of(7, 4);
  private static final Offset<Double> CLOSE = Offset.offset(1e-5);

  private final SplittableRandom random = new SplittableRandom(41);
  private final TinyBatch batch = new TinyBatch(random);
  private final PlainLayers plain = new PlainLayers(random);

  private static ModelConfig sizes(Network network, int levels) {
    return ModelConfig.of(network)
        .withSizes(OUT, HIDDEN)
        .withMultiTask(new ModelConfig.MultiTask(SHARED, OWN, levels, List.of(4), PENALTY));
  }

  private static PairInput input() {
    return new PairInput(TinyBatch.F, TinyBatch.E);
  }

  /** What a task's tower reads at a row. */
  private interface Mixed {
    double[] of(int row, int task);
  }

  private void check(TagModel model, Mixed mixed) {
    float[] actual = batch.logits(model, plain.randomised(model));
    for (int r = 0; r < TinyBatch.rows(); r++) {
      for (int k = 0; k < TASKS; k++) {
        double expected = plain.mlp("tower." + k, mixed.of(r, k), 1)[0];
        assertThat((double) actual[r * TASKS + k]).isCloseTo(expected, CLOSE);
      }
    }
  }

  @Test
  void singleTask() {
    check(
        new SharedBottom(TASKS, input(), sizes(Network.SINGLE_TASK, 1), false),
        (r, k) -> expert("bottom." + k, r));
  }

  @Test
  void sharedBottom() {
    check(
        new SharedBottom(TASKS, input(), sizes(Network.SHARED_BOTTOM, 1), true),
        (r, k) -> expert("bottom.0", r));
  }

  @Test
  void mixtureOfExpertsHasOneGate() {
    check(
        new MixtureOfExperts(TASKS, input(), sizes(Network.MOE, 1), false),
        (r, k) -> gated("gate.0", r));
  }

  @Test
  void multiGateMixtureHasOnePerTask() {
    check(
        new MixtureOfExperts(TASKS, input(), sizes(Network.MMOE, 1), true),
        (r, k) -> gated("gate." + k, r));
  }

  private double[] gated(String gate, int row) {
    double[][] experts = new double[SHARED][];
    for (int i = 0; i < SHARED; i++) {
      experts[i] = expert("expert." + i, row);
    }
    return mixture(softmax(pair(gate, row)), experts);
  }

  @Test
  void customisedGateControl() {
    check(
        new ProgressiveExtraction(TASKS, input(), sizes(Network.PLE, 1)),
        (r, k) -> {
          double[][] experts = concat(first(r, k, OWN), first(r, TASKS, SHARED));
          return mixture(softmax(pair("level.0.group." + k + ".gate", r)), experts);
        });
  }

  @Test
  void progressiveExtraction() {
    check(
        new ProgressiveExtraction(TASKS, input(), sizes(Network.PLE, 2)),
        (r, k) -> {
          double[][] shared = first(r, TASKS, SHARED);
          double[][] all = new double[0][];
          for (int task = 0; task < TASKS; task++) {
            all = concat(all, first(r, task, OWN));
          }
          all = concat(all, shared);
          double[] ofShared = mixture(softmax(pair("level.0.group.3.gate", r)), all);
          double[] ofTask =
              mixture(
                  softmax(pair("level.0.group." + k + ".gate", r)),
                  concat(first(r, k, OWN), shared));
          double[][] experts = concat(second(ofTask, k, OWN), second(ofShared, TASKS, SHARED));
          return mixture(softmax(plain.linear("level.1.group." + k + ".gate", ofTask)), experts);
        });
  }

  /** A group's experts of the first level. */
  private double[][] first(int row, int group, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> expert("level.0.group." + group + ".expert." + i, row))
        .toArray(double[][]::new);
  }

  /** A group's experts of the second level, on its mixture of the first. */
  private double[][] second(double[] below, int group, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "level.1.group." + group + ".expert." + i)
        .map(name -> relu(plain.mlp(name, below, HIDDEN.size())))
        .toArray(double[][]::new);
  }

  private static double[][] concat(double[][] a, double[][] b) {
    double[][] joined = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }

  @Test
  void adaptiveTransfer() {
    check(new AdaptiveTransfer(TASKS, TASKS, input(), sizes(Network.AITM, 1)), this::transferred);
  }

  /** {@code z_k}. */
  private double[] transferred(int row, int task) {
    double[] own = expert("bottom." + task, row);
    if (task == 0) {
      return own;
    }
    double[] before = relu(plain.linear("transfer." + task, transferred(row, task - 1)));
    String name = "attention." + task + ".";
    double[][] sources = {before, own};
    double[] scores = new double[2];
    double[][] values = new double[2][];
    for (int u = 0; u < 2; u++) {
      double[] query = plain.product(name + "query.weight", sources[u]);
      double[] key = plain.product(name + "key.weight", sources[u]);
      scores[u] = dot(query, key) / Math.sqrt(OUT);
      values[u] = plain.product(name + "value.weight", sources[u]);
    }
    return mixture(softmax(scores), values);
  }

  @Test
  void laterStepsAreNotLikelierThanEarlierOnes() {
    AdaptiveTransfer model = new AdaptiveTransfer(TASKS, TASKS, input(), sizes(Network.AITM, 1));
    ParameterSet set = plain.randomised(model);
    float[] logits = batch.logits(model, set);
    float[] penalty =
        batch.read(set, (w, in) -> Objects.requireNonNull(model.training(w, in).penalty()));
    double excess = 0;
    for (int r = 0; r < TinyBatch.rows(); r++) {
      for (int k = 1; k < TASKS; k++) {
        double later = sigmoid(logits[r * TASKS + k]);
        excess += Math.max(0, later - sigmoid(logits[r * TASKS + k - 1]));
      }
    }
    assertThat(excess).isPositive();
    assertThat(penalty).hasSize(1);
    assertThat((double) penalty[0]).isCloseTo(PENALTY * excess, CLOSE);
  }

  /** {@code W [user; tag] + b}. */
  private double[] pair(String name, int row) {
    double[] user = plain.product(name + ".user.weight", batch.user(row));
    double[] tag = plain.product(name + ".tag.weight", batch.tag(row));
    double[] y = new double[user.length];
    for (int o = 0; o < y.length; o++) {
      y[o] = user[o] + tag[o] + plain.values(name + ".bias")[o];
    }
    return y;
  }

  /** ReLU behind every layer, the last one included. */
  private double[] expert(String name, int row) {
    double[] first = relu(pair(name + ".0", row));
    return relu(plain.mlp(name + ".then", first, HIDDEN.size() - 1));
  }
}
