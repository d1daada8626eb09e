package io.tagstream.launcher.evaluation.census;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.evaluation.trial.EpochTraining;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.launcher.evaluation.trial.TrialObserver;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.scoring.Candidates;
import io.tagstream.learner.scoring.UserBags;
import io.tagstream.learner.training.Trainer;
import io.tagstream.learner.validation.RankingMetrics;
import io.tagstream.schemas.Task;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

/** The people of both files, and how they are split. */
final class CensusProtocol implements Protocol {

  /** The split of the test file is the same for all methods and seeds. */
  private static final long SPLIT_SEED = 20_260_401L;

  private static final EpochTraining TRAINING = new EpochTraining(12, 2);

  /** A person is no item with tags: this one stands in every row, a constant input. */
  private static final String TAG = "person";

  private static final List<Task> TASKS = List.of(Task.click("income"), Task.click("marital"));
  private static final int PEOPLE_AT_ONCE = 8192;

  /** People that importance is measured on. */
  private static final int HELD_OUT = 10_000;

  private final CensusFeatures trained;
  private final boolean[][] trainedLabels;
  private final CensusFeatures tested;
  private final boolean[][] testedLabels;
  private final int[] validation;
  private final int[] test;

  private CensusProtocol(CensusPeople training, CensusPeople testing) {
    Map<String, double[]> intervals = training.intervals();
    trained = training.features(intervals);
    trainedLabels = labels(training);
    tested = testing.features(intervals);
    testedLabels = labels(testing);
    int[] order =
        IntArrays.shuffle(IntStream.range(0, testing.count()).toArray(), new Random(SPLIT_SEED));
    validation = Arrays.copyOfRange(order, 0, order.length / 2);
    test = Arrays.copyOfRange(order, order.length / 2, order.length);
  }

  /** Reads both files. */
  static CensusProtocol read(Path folder) throws IOException {
    return new CensusProtocol(
        CensusPeople.read(folder, "census-income.data"),
        CensusPeople.read(folder, "census-income.test"));
  }

  private static boolean[][] labels(CensusPeople people) {
    return new boolean[][] {people.aboveFiftyThousand(), people.neverMarried()};
  }

  @Override
  public String settings(String method) {
    return """
        model: {own-tags: false, tag-prior: false, calibration: false, dimension: 128, hidden: [256], tower: [64], sequence-penalty: 0}
        embedding: {dimension: 16, learning-rate: 0.02, initial-scale: 0.05}
        optimizer: {learning-rate: 0.001}
        batch.size: 1024
        stage.gamma: 'off'
        model.dtn.key-fields: [0] # age
        """;
  }

  @Override
  public Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("training", trainedLabels[0].length);
    data.put("validation", validation.length);
    data.put("test", test.length);
    data.put("features", CensusColumns.FEATURES.size());
    return data;
  }

  @Override
  public long recordsPerTrial(String method) {
    return (long) trainedLabels[0].length * TRAINING.epochs();
  }

  @Override
  public Map<String, Double> trial(
      String method, TagstreamConfig config, long seed, TrialObserver observer) {
    LearnerConfig own =
        config.learner().withData(TASKS, CensusColumns.FEATURES.size(), 0).withSeed(seed);
    ReportedEpochs reported =
        observer.wantsReport()
            ? new ReportedEpochs(TASKS, trainedLabels[0].length, heldOut(), seed)
            : null;
    try (Trainer trainer = new Trainer(own)) {
      Map<String, Double> validated = new LinkedHashMap<>();
      Map<String, Double> figures =
          TRAINING.run(
              trainer,
              new People(trained, trainedLabels),
              builder(),
              own.batch().size(),
              seed,
              () -> {
                validated.putAll(figures(trainer, validation));
                if (reported != null) {
                  reported.validated(validation.length, validated);
                }
                return meanAuc(validated);
              },
              () -> {
                if (reported != null) {
                  reported.best(trainer);
                }
                return withValidation(figures(trainer, test), validated);
              },
              observer::gone);
      if (reported != null) {
        observer.learnt(reported.report());
      }
      return figures;
    }
  }

  private static MicroBatch.Builder builder() {
    return MicroBatch.builder(CensusColumns.FEATURES.size(), TASKS.size());
  }

  /** Some people of the test half, with their labels. */
  private MicroBatch heldOut() {
    People people = new People(tested, testedLabels);
    MicroBatch.Builder batch = builder();
    Arrays.stream(test).limit(HELD_OUT).forEach(person -> people.addTo(batch, person));
    return batch.build();
  }

  /** Name of a task's AUC among figures. */
  static String auc(Task task) {
    return task.name() + " AUC";
  }

  /** Name of a task's log loss among figures. */
  static String logLoss(Task task) {
    return task.name() + " log loss";
  }

  /** The same epoch's AUCs on the other half beside them: how far two halves lie apart. */
  private static Map<String, Double> withValidation(
      Map<String, Double> ofTest, Map<String, Double> ofValidation) {
    Map<String, Double> both = new LinkedHashMap<>(ofTest);
    for (Task task : TASKS) {
      both.put("validation " + auc(task), ofValidation.getOrDefault(auc(task), 0.0));
    }
    return both;
  }

  private static double meanAuc(Map<String, Double> figures) {
    return TASKS.stream()
        .mapToDouble(task -> figures.getOrDefault(auc(task), 0.0))
        .average()
        .orElse(0);
  }

  private Map<String, Double> figures(Trainer trainer, int[] people) {
    float[][] probabilities = probabilities(trainer, people);
    Map<String, Double> figures = new LinkedHashMap<>();
    for (int k = 0; k < TASKS.size(); k++) {
      float[] labels = new float[people.length];
      for (int n = 0; n < people.length; n++) {
        labels[n] = testedLabels[k][people[n]] ? 1f : 0f;
      }
      RankingMetrics metrics =
          new RankingMetrics(new long[people.length], probabilities[k], labels, people.length);
      figures.put(auc(TASKS.get(k)), Objects.requireNonNull(metrics.auc()));
      figures.put(logLoss(TASKS.get(k)), Objects.requireNonNull(metrics.logLoss()));
    }
    return figures;
  }

  /** {@code [K][people]}. */
  private float[][] probabilities(Trainer trainer, int[] people) {
    float[][] probabilities = new float[TASKS.size()][people.length];
    for (int from = 0; from < people.length; from += PEOPLE_AT_ONCE) {
      int[] some = Arrays.copyOfRange(people, from, Math.min(people.length, from + PEOPLE_AT_ONCE));
      UserBags bags = new UserBags();
      for (int person : some) {
        bags.add(tested.lengths(person), tested.ids(person));
      }
      Candidates scored = bags.score(trainer.scorer());
      for (int n = 0; n < some.length; n++) {
        for (int k = 0; k < TASKS.size(); k++) {
          probabilities[k][from + n] = scored.score(n, k, 0);
        }
      }
    }
    return probabilities;
  }

  /** A file's people as records. */
  private static final class People implements EpochTraining.Records {

    private final CensusFeatures features;
    private final boolean[][] labels;
    private final boolean[] known = {true, true};
    private final boolean[] unknown = {false, false};
    private final float[] none = {0, 0};
    private final float[] ones = {1, 1};

    People(CensusFeatures features, boolean[][] labels) {
      this.features = features;
      this.labels = labels;
    }

    @Override
    public int count() {
      return labels[0].length;
    }

    @Override
    public void addTo(MicroBatch.Builder batch, int person) {
      float[] own = {labels[0][person] ? 1f : 0f, labels[1][person] ? 1f : 0f};
      int[] lengths = features.lengths(person);
      batch.addImpression(0, true, lengths, features.ids(person), own, known, none, unknown, ones);
      batch.addTag(TAG, 1f);
    }
  }
}
