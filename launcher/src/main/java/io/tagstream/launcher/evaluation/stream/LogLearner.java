package io.tagstream.launcher.evaluation.stream;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.assembly.BatchLearner;
import io.tagstream.learner.assembly.Primitives;
import io.tagstream.learner.model.GatedUnits.UnitWeight;
import io.tagstream.learner.scoring.Candidates;
import io.tagstream.learner.scoring.TagGates;
import io.tagstream.learner.scoring.UserBags;
import io.tagstream.learner.stage.UserRecord;
import io.tagstream.learner.training.FeatureImportance;
import io.tagstream.learner.training.StepReport;
import io.tagstream.learner.validation.ProgressiveValidation;
import io.tagstream.learner.validation.TaskFigures;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.TrainingSample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The job's learner with all its users, in memory. */
final class LogLearner implements AutoCloseable {

  private final LearnerConfig config;
  private final BatchLearner learner;
  private final Map<String, UserRecord> users = new HashMap<>();

  LogLearner(LearnerConfig config) {
    this.config = config;
    this.learner = new BatchLearner(config);
  }

  /**
   * Learns a batch.
   *
   * @throws IllegalStateException when it is refused
   */
  void learn(List<TrainingSample> batch) {
    StepReport report = learner.learn(batch, this::userOf);
    if (!report.applied()) {
      throw new IllegalStateException(
          "training was refused at step " + report.step() + ": " + report.quarantineReason());
    }
  }

  /** Holds samples against the model as it is now. */
  void validate(List<TrainingSample> samples, ProgressiveValidation into) {
    learner.validate(samples, into);
  }

  /** How much each user field tells the model as it is now of samples. */
  FeatureImportance importance(List<TrainingSample> samples) {
    return learner.importance(samples);
  }

  /** What each task's gates weigh on samples; empty for a network without gates of units. */
  List<UnitWeight> unitWeights(List<TrainingSample> samples) {
    return learner.unitWeights(samples);
  }

  /** Which experts serve which tags; empty for a network without gates of tags. */
  Optional<TagGates> tagGates() {
    return learner.trainer().tagGates();
  }

  /** A user's fields are heard of. */
  void hear(ScoreRequest request) {
    userOf(request.getUserId())
        .seen(
            request.getEventTimeMillis(),
            request.getFeatureSchemaVersion(),
            Primitives.ints(request.getUserFields().getLengths()),
            Primitives.longs(request.getUserFields().getIds()));
  }

  boolean knows(String userId) {
    return users.containsKey(userId);
  }

  /** Scores known users by the newest of their fields. */
  Candidates score(List<String> known) {
    UserBags bags = new UserBags();
    for (String user : known) {
      bags.add(userOf(user).lengths(), userOf(user).ids());
    }
    return bags.score(learner.trainer().scorer());
  }

  /** What was said of samples before they were learnt, per task. */
  List<TaskFigures> figures() {
    return learner.validation().figures();
  }

  private UserRecord userOf(String userId) {
    return users.computeIfAbsent(userId, id -> new UserRecord(config.tasks().size()));
  }

  @Override
  public void close() {
    learner.close();
  }
}
