package io.tagstream.launcher.bench;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.Network;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.training.StageWeights;
import io.tagstream.learner.training.Trainer;
import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What each network costs, one thread, beside the others: they take turns, so that what else the
 * machine does is shared by all, and processor time counts.
 */
final class ModelsBenchmark implements Benchmark {

  private static final int TASKS = 3;
  private static final int PRIVILEGED = 2;
  private static final int ROWS = 26_000;
  private static final int BATCH = 128;
  private static final int BATCHES = 32;
  private static final int USERS = 32;
  private static final int TURNS = 3;
  private static final Duration TURN = Duration.ofSeconds(3);
  private static final Network OTHERS_AGAINST = Network.MVKE;

  @Override
  public String name() {
    return "models";
  }

  @Override
  public String summary() {
    return "training and scoring of every network in turns, 26 fields, 3 tasks, 1,780 tags, batch"
        + " 128: per processor second, and as a ratio to MVKE";
  }

  /** A network in training, and what it did so far. */
  private static final class Entry implements AutoCloseable {
    private final Trainer trainer;
    private final List<MicroBatch> batches;
    private final MicroBatch users;
    private final DoubleArrayList trained = new DoubleArrayList();
    private final DoubleArrayList scored = new DoubleArrayList();

    Entry(LearnerConfig config, BenchRun run) {
      LearnerWorkload workload = new LearnerWorkload(config, run.count(ROWS, 1_000), run.seed());
      trainer = new Trainer(config);
      trainer.step(workload.allTags(), StageWeights.ONES);
      batches = workload.batches(BATCHES, BATCH);
      users = workload.batches(1, USERS).get(0);
    }

    private void train(Duration time) {
      Rounds rounds =
          Rounds.of(time, n -> trainer.step(batches.get(n % BATCHES), StageWeights.ONES));
      trained.add(rounds.perProcessorSecond() * BATCH);
    }

    private void score(Duration time) {
      Rounds rounds =
          Rounds.of(
              time,
              n -> {
                var unused = trainer.scorer().score(USERS, users.fieldOffsets(), users.fieldIds());
              });
      scored.add(rounds.perProcessorSecond() * USERS);
    }

    private void forgetTurns() {
      trained.clear();
      scored.clear();
    }

    private double samplesPerSecond() {
      return Figures.median(trained.toDoubleArray());
    }

    private double usersPerSecond() {
      return Figures.median(scored.toDoubleArray());
    }

    private int parameters() {
      return trainer.parameters().stream().mapToInt(each -> each.size()).sum();
    }

    @Override
    public void close() {
      trainer.close();
    }
  }

  @Override
  public Outcome measure(BenchRun run) {
    LearnerConfig plain = LearnerWorkload.plainMvke(TASKS, run.seed());
    LearnerConfig config = plain.withData(plain.tasks(), LearnerWorkload.FIELDS, PRIVILEGED);
    Map<Network, Entry> entries = new LinkedHashMap<>();
    try {
      for (Network network : Network.values()) {
        ModelConfig model =
            ModelConfig.of(network).withOwnTags(false).withTagPrior(false).withCalibration(false);
        entries.put(network, new Entry(config.withModel(model), run));
      }
      for (int turn = 0; turn <= TURNS; turn++) {
        for (Map.Entry<Network, Entry> each : entries.entrySet()) {
          String which = turn == 0 ? "warm-up" : "turn " + turn + " of " + TURNS;
          run.progress().accept(each.getKey().configName() + ", " + which + " ...");
          each.getValue().train(run.time(TURN));
          each.getValue().score(run.time(TURN));
          if (turn == 0) {
            each.getValue().forgetTurns();
          }
        }
      }
      return new Outcome(List.of(), figures(entries), configuration(config));
    } finally {
      entries.values().forEach(Entry::close);
    }
  }

  private static Map<String, Object> figures(Map<Network, Entry> entries) {
    Entry base = Objects.requireNonNull(entries.get(OTHERS_AGAINST));
    Map<String, Object> figures = new LinkedHashMap<>();
    entries.forEach(
        (network, entry) -> {
          Map<String, Object> of = new LinkedHashMap<>();
          of.put("parameters", entry.parameters());
          of.put("samplesPerSecond", entry.samplesPerSecond());
          of.put("trainingSpeed", entry.samplesPerSecond() / base.samplesPerSecond());
          of.put("usersPerSecond", entry.usersPerSecond());
          of.put("scoringSpeed", entry.usersPerSecond() / base.usersPerSecond());
          figures.put(network.configName(), of);
        });
    return figures;
  }

  private static Map<String, Object> configuration(LearnerConfig config) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("tasks", TASKS);
    configuration.put("fields", LearnerWorkload.FIELDS);
    configuration.put("privilegedFields", PRIVILEGED);
    configuration.put("tags", LearnerWorkload.TAGS);
    configuration.put("batch", BATCH);
    configuration.put("usersPerCall", USERS);
    configuration.put("embedding", config.embedding().dimension());
    configuration.put("dimension", config.model().dimension());
    configuration.put("speedsAgainst", OTHERS_AGAINST.configName());
    return configuration;
  }
}
