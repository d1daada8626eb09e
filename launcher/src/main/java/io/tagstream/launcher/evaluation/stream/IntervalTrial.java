package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.validation.ProgressiveValidation;
import io.tagstream.learner.validation.TaskFigures;
import io.tagstream.schemas.TrainingSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * One model that is updated at an interval: samples wait until it is over, are judged by the model
 * of before, then learnt. Batches are cut by count, whatever the interval, so that every interval
 * learns the same steps; what fills none waits for the next update. Samples of the first day are
 * learnt and not judged, since the longest interval has no model yet. Intervals end at multiples of
 * their length since the epoch.
 */
final class IntervalTrial implements AutoCloseable {

  private static final Duration NOT_JUDGED = Duration.ofDays(1);

  private final LearnerInputs inputs;
  private final LearnerConfig config;
  private final long intervalMillis;
  private final LogLearner learner;
  private final ProgressiveValidation validation;
  private final List<TrainingSample> waiting = new ArrayList<>();

  /** How many of those that wait, from the first on, are judged already. */
  private int judged;

  IntervalTrial(LearnerInputs inputs, TagstreamConfig config, long seed, Duration interval) {
    this.inputs = inputs;
    this.config = config.learner().withSeed(seed);
    this.intervalMillis = interval.toMillis();
    this.learner = new LogLearner(this.config);
    int all = Math.toIntExact(inputs.samples());
    this.validation = new ProgressiveValidation(this.config.tasks().size(), all, all);
  }

  /**
   * Goes through all samples.
   *
   * @param gone told how many of them were gone through
   * @return figures per task, of all samples that are judged
   */
  List<TaskFigures> run(LongConsumer gone) {
    long judgedFrom = inputs.knownAtMillis(0) + NOT_JUDGED.toMillis();
    long updateAt = Long.MIN_VALUE;
    for (int n = 0; n < inputs.size(); n++) {
      if (inputs.get(n).getBody() instanceof TrainingSample sample) {
        if (intervalMillis == 0 && waiting.size() == config.batch().size()) {
          update(judgedFrom, gone);
        } else if (intervalMillis > 0 && sample.getKnownAtMillis() >= updateAt) {
          update(judgedFrom, gone);
          updateAt =
              (Math.floorDiv(sample.getKnownAtMillis(), intervalMillis) + 1) * intervalMillis;
        }
        waiting.add(sample);
      }
    }
    judge(judgedFrom, gone);
    return validation.figures();
  }

  private void update(long judgedFrom, LongConsumer gone) {
    judge(judgedFrom, gone);
    int size = config.batch().size();
    int from = 0;
    for (; from + size <= waiting.size(); from += size) {
      learner.learn(waiting.subList(from, from + size));
    }
    waiting.subList(0, from).clear();
    judged = waiting.size();
  }

  private void judge(long judgedFrom, LongConsumer gone) {
    while (judged < waiting.size()) {
      int to = Math.min(judged + config.batch().size(), waiting.size());
      List<TrainingSample> some =
          waiting.subList(judged, to).stream()
              .filter(sample -> sample.getKnownAtMillis() >= judgedFrom)
              .toList();
      if (!some.isEmpty()) {
        learner.validate(some, validation);
      }
      gone.accept(to - judged);
      judged = to;
    }
  }

  @Override
  public void close() {
    learner.close();
  }
}
