package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.assembly.BatchLearner;
import io.tagstream.learner.stage.UserRecord;
import io.tagstream.learner.training.StepReport;
import io.tagstream.learner.validation.ProgressiveValidation;
import io.tagstream.learner.validation.TaskFigures;
import io.tagstream.schemas.TrainingSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * One model that is updated at an interval: samples wait until it is over, are judged by the model
 * of before, then learnt. Batches are cut by count, whatever the interval, so that every interval
 * learns the same steps; what fills none waits for the next update. Samples of the first day are
 * learnt and not judged, since the longest interval has no model yet.
 */
final class IntervalTrial implements AutoCloseable {

  private static final Duration NOT_JUDGED = Duration.ofDays(1);

  private final LearnerInputs inputs;
  private final LearnerConfig config;
  private final long intervalMillis;
  private final BatchLearner learner;
  private final ProgressiveValidation validation;
  private final Map<String, UserRecord> users = new HashMap<>();
  private final List<TrainingSample> waiting = new ArrayList<>();

  /** How many of those that wait, from the first on, are judged already. */
  private int judged;

  IntervalTrial(LearnerInputs inputs, TagstreamConfig config, long seed, Duration interval) {
    this.inputs = inputs;
    this.config = config.learner().withSeed(seed);
    this.intervalMillis = interval.toMillis();
    this.learner = new BatchLearner(this.config);
    int all = Math.toIntExact(inputs.samples());
    this.validation = new ProgressiveValidation(this.config.tasks().size(), all, all);
  }

  /**
   * Goes through all samples.
   *
   * @param trained told how many were trained
   * @return figures per task, of all samples that are judged
   */
  List<TaskFigures> run(LongConsumer trained) {
    long judgedFrom = inputs.knownAtMillis(0) + NOT_JUDGED.toMillis();
    long updateAt = Long.MIN_VALUE;
    for (int n = 0; n < inputs.size(); n++) {
      if (!(inputs.get(n).getBody() instanceof TrainingSample sample)) {
        continue;
      }
      long knownAt = sample.getKnownAtMillis();
      boolean due = intervalMillis == 0 ? batchIsFull() : knownAt >= updateAt;
      if (due) {
        update(judgedFrom, trained);
        updateAt = intervalMillis == 0 ? 0 : nextUpdate(knownAt);
      }
      waiting.add(sample);
    }
    judge(judgedFrom);
    return validation.figures();
  }

  private boolean batchIsFull() {
    return waiting.size() == config.batch().size();
  }

  private long nextUpdate(long knownAt) {
    return (Math.floorDiv(knownAt, intervalMillis) + 1) * intervalMillis;
  }

  private void update(long judgedFrom, LongConsumer trained) {
    judge(judgedFrom);
    int size = config.batch().size();
    int from = 0;
    for (; from + size <= waiting.size(); from += size) {
      StepReport report = learner.learn(waiting.subList(from, from + size), this::userOf);
      if (!report.applied()) {
        throw new IllegalStateException(
            "training was refused at step " + report.step() + ": " + report.quarantineReason());
      }
      trained.accept(size);
    }
    waiting.subList(0, from).clear();
    judged = waiting.size();
  }

  private void judge(long judgedFrom) {
    int size = config.batch().size();
    for (; judged < waiting.size(); judged = Math.min(judged + size, waiting.size())) {
      List<TrainingSample> some =
          waiting.subList(judged, Math.min(judged + size, waiting.size())).stream()
              .filter(sample -> sample.getKnownAtMillis() >= judgedFrom)
              .toList();
      if (!some.isEmpty()) {
        learner.validate(some, validation);
      }
    }
  }

  private UserRecord userOf(String userId) {
    return users.computeIfAbsent(userId, id -> new UserRecord(config.tasks().size()));
  }

  @Override
  public void close() {
    learner.close();
  }
}
