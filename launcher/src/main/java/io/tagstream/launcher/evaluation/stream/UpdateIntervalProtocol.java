package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.launcher.evaluation.trial.TrialObserver;
import io.tagstream.launcher.world.EventSource;
import io.tagstream.learner.validation.TaskFigures;
import io.tagstream.schemas.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What it is worth to update a model often (Monolith, Liu et al. 2022, table 2): the same samples
 * in the same order, predicted by the model as of the last update before they became known. A trial
 * learns once per interval, from the start.
 */
final class UpdateIntervalProtocol implements Protocol {

  /** Zero is after every batch. */
  static final List<Duration> INTERVALS =
      List.of(
          Duration.ZERO,
          Duration.ofMinutes(10),
          Duration.ofHours(1),
          Duration.ofHours(6),
          Duration.ofDays(1));

  private final RecordedLog log;

  /** A protocol over a source that ends. */
  UpdateIntervalProtocol(EventSource source) {
    this.log = new RecordedLog(source);
  }

  @Override
  public String settings(String method) {
    return log.settings() + "batch.size: 128\n";
  }

  @Override
  public void prepare(TagstreamConfig config, Path scratch)
      throws IOException, InterruptedException {
    log.prepare(config, scratch, event -> {});
  }

  @Override
  public Map<String, Object> data() {
    return log.data();
  }

  @Override
  public long recordsPerTrial(String method) {
    return log.inputs().samples() * INTERVALS.size();
  }

  @Override
  public Map<String, Double> trial(
      String method, TagstreamConfig config, long seed, TrialObserver observer) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (Duration interval : INTERVALS) {
      String name = interval.isZero() ? "every batch" : "every " + text(interval);
      try (IntervalTrial trial = new IntervalTrial(log.inputs(), config, seed, interval)) {
        List<TaskFigures> validation = trial.run(observer::gone);
        for (int k = 0; k < config.tasks().size(); k++) {
          Task task = config.tasks().get(k);
          Double auc = validation.get(k).auc();
          if (auc != null) {
            figures.put(task.name() + " AUC, " + name, auc);
          }
        }
      }
    }
    return figures;
  }

  private static String text(Duration interval) {
    return interval.toHours() == 0
        ? interval.toMinutes() + " min"
        : interval.toDays() == 0 ? interval.toHours() + " h" : interval.toDays() + " d";
  }
}
