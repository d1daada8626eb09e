package io.tagstream.launcher.bench;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.scoring.ProfileScorer;
import io.tagstream.learner.training.StageWeights;
import io.tagstream.learner.training.Trainer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Factored scoring of one thread: every user against every tag, for every task. */
final class ScoringBenchmark implements Benchmark {

  private static final int TASKS = 3;
  private static final int ROWS = 26_000;
  private static final int TRAINED = 20;
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration MEASURED = Duration.ofSeconds(20);

  @Override
  public String name() {
    return "scoring";
  }

  @Override
  public String summary() {
    return "factored scoring, MVKE, 3 tasks, d 64, 1,780 tags, K 50: at least 20k users/s";
  }

  @Override
  public Outcome measure(BenchRun run) {
    LearnerConfig config = LearnerWorkload.plainMvke(TASKS, run.seed());
    LearnerWorkload workload = new LearnerWorkload(config, ROWS, run.seed());
    try (Trainer trainer = new Trainer(config)) {
      workload.fill(trainer);
      trainer.step(workload.allTags(), StageWeights.ONES);
      for (MicroBatch batch : workload.batches(TRAINED, LearnerWorkload.BATCH)) {
        trainer.step(batch, StageWeights.ONES);
      }
      MicroBatch users = workload.batches(1, LearnerWorkload.BATCH).get(0);
      ProfileScorer scorer = trainer.scorer();
      Rounds.Work work =
          n -> {
            var unused =
                scorer.score(LearnerWorkload.BATCH, users.fieldOffsets(), users.fieldIds());
          };
      run.progress().accept("scoring " + trainer.vocabulary().size() + " tags ...");
      Rounds.of(run.time(WARM_UP), work);
      Rounds scored = Rounds.of(run.time(MEASURED), work);
      return outcome(config, trainer, scored);
    }
  }

  private static Outcome outcome(LearnerConfig config, Trainer trainer, Rounds scored) {
    double usersPerSecond = scored.perSecond() * LearnerWorkload.BATCH;
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("usersPerSecond", usersPerSecond);
    figures.put("usersPerProcessorSecond", scored.perProcessorSecond() * LearnerWorkload.BATCH);
    figures.put("batchMillis", scored.medianMillis());
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("model", config.name());
    configuration.put("tasks", TASKS);
    configuration.put("dimension", config.model().dimension());
    configuration.put("tags", trainer.vocabulary().size());
    configuration.put("topK", config.scoring().topK());
    configuration.put("margin", config.scoring().margin());
    configuration.put("usersPerCall", LearnerWorkload.BATCH);
    configuration.put("nativeThreads", config.nativeThreads());
    return new Outcome(
        List.of(Target.atLeast("usersPerSecond", usersPerSecond, 20_000)), figures, configuration);
  }
}
