package io.tagstream.learner.flink;

import io.tagstream.learner.assembly.BatchLearner;
import io.tagstream.learner.stage.UserRecord;
import io.tagstream.learner.training.StepReport;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.QuarantinedSample;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserDeletion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Samples on their way into the model: what is forgotten behind them is left out, the rest is
 * trained in one step, and what cannot be or is refused goes into quarantine.
 */
final class BatchTraining {

  private static final StepReport NO_STEP =
      new StepReport(0, null, 0, 0, new float[0], new float[0], 0, 0);

  private final String model;
  private final BatchLearner learner;
  private final UserRecords users;
  private final Sweep sweep;
  private final Consumer<String> setKey;
  private final LearnerCounters counters;
  private final LearnerMeters meters;
  private final Consumer<QuarantinedSample> refused;
  private StepReport lastStep = NO_STEP;

  /**
   * Training of one model.
   *
   * @param model its name
   * @param setKey makes a user the state's current key
   * @param refused takes what is not trained
   */
  BatchTraining(
      String model,
      BatchLearner learner,
      UserRecords users,
      Sweep sweep,
      Consumer<String> setKey,
      LearnerCounters counters,
      LearnerMeters meters,
      Consumer<QuarantinedSample> refused) {
    this.model = model;
    this.learner = learner;
    this.users = users;
    this.sweep = sweep;
    this.setKey = setKey;
    this.counters = counters;
    this.meters = meters;
    this.refused = refused;
  }

  /** Whether a sample can be trained; into quarantine with it when it cannot. */
  boolean accepts(TrainingSample sample) {
    String problem = learner.problemOf(sample);
    if (problem != null) {
      quarantine(problem, learner.trainer().step(), List.of(sample));
    }
    return problem == null;
  }

  /** Trains a batch's samples in one step. */
  void train(List<LearnerInput> batch) throws IOException {
    List<TrainingSample> samples = withoutForgotten(batch);
    if (samples.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    StepReport report = learner.learn(samples, users);
    if (report.applied()) {
      users.write();
      count(samples);
      lastStep = report;
    } else {
      users.discard();
      quarantine(Objects.requireNonNullElse(report.quarantineReason(), ""), report.step(), samples);
    }
    meters.stepMillis.update((System.nanoTime() - start) / 1_000_000);
  }

  /** The last step that was applied. */
  StepReport lastStep() {
    return lastStep;
  }

  /** The batch's samples without those that a deletion behind them forgets. */
  private List<TrainingSample> withoutForgotten(List<LearnerInput> batch) {
    List<TrainingSample> samples = new ArrayList<>(batch.size());
    for (LearnerInput input : batch) {
      if (input.getBody() instanceof TrainingSample sample) {
        samples.add(sample);
      } else if (input.getBody() instanceof UserDeletion deletion) {
        samples.removeIf(
            sample ->
                sample.getUserId().equals(deletion.getUserId())
                    && sample.getImpressionTimeMillis() <= deletion.getEventTimeMillis());
        forget(deletion.getUserId());
      }
    }
    return samples;
  }

  private void forget(String userId) {
    UserRecord record = users.of(userId);
    learner.forget(record);
    setKey.accept(userId);
    sweep.forget(userId, record);
    users.clear(userId);
  }

  private void count(List<TrainingSample> samples) {
    counters.samplesTrained += samples.size();
    for (TrainingSample sample : samples) {
      counters.eventTimeMillis =
          Math.max(counters.eventTimeMillis, sample.getImpressionTimeMillis());
    }
  }

  private void quarantine(String reason, long step, List<TrainingSample> samples) {
    counters.samplesQuarantined += samples.size();
    for (TrainingSample sample : samples) {
      refused.accept(new QuarantinedSample(reason, step, sample, model));
    }
  }
}
