package io.tagstream.learner.flink;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.assembly.BatchLearner;
import io.tagstream.learner.assembly.Primitives;
import io.tagstream.learner.scoring.Candidates;
import io.tagstream.learner.stage.UserRecord;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.ScoredUser;
import io.tagstream.schemas.StageName;
import io.tagstream.schemas.TagScore;
import io.tagstream.schemas.Task;
import io.tagstream.schemas.TaskStage;
import io.tagstream.schemas.TaskTags;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.ArrayList;
import java.util.List;

/** Merged score requests to scored users: one pass of the scorer for all of them. */
final class UserScoring {

  private final LearnerConfig config;
  private final BatchLearner learner;

  UserScoring(LearnerConfig config, BatchLearner learner) {
    this.config = config;
    this.learner = learner;
  }

  /** Whether a request's arrays have the configured lengths, so that it can be scored. */
  boolean fits(ScoreRequest request) {
    int tasks = config.tasks().size();
    int ids = 0;
    for (int length : request.getUserFields().getLengths()) {
      if (length < 0) {
        return false;
      }
      ids += length;
    }
    return request.getUserFields().getLengths().size() == config.userFields()
        && request.getUserFields().getIds().size() == ids
        && request.getPseudoLabels().size() == tasks
        && request.getPseudoLabelled().size() == tasks;
  }

  /**
   * Scores users with the model as it is now, and keeps their fields in their records.
   *
   * @param requests one per user
   * @param records where the users' stages are
   * @return one scored user per request, in order
   */
  List<ScoredUser> score(List<PendingScores.Merged> requests, BatchLearner.Users records) {
    IntArrayList offsets = new IntArrayList();
    LongArrayList ids = new LongArrayList();
    offsets.add(0);
    for (PendingScores.Merged request : requests) {
      int end = ids.size();
      for (int length : request.latest().getUserFields().getLengths()) {
        end += length;
        offsets.add(end);
      }
      ids.addElements(ids.size(), Primitives.longs(request.latest().getUserFields().getIds()));
    }
    Candidates candidates =
        learner.trainer().scorer().score(requests.size(), offsets.toIntArray(), ids.toLongArray());
    List<ScoredUser> scored = new ArrayList<>(requests.size());
    for (int u = 0; u < requests.size(); u++) {
      PendingScores.Merged request = requests.get(u);
      UserRecord record = records.of(request.latest().getUserId());
      scored.add(scoredUser(u, request, record, candidates));
      record.seen(
          request.eventTimeMillis(),
          request.latest().getFeatureSchemaVersion(),
          Primitives.ints(request.latest().getUserFields().getLengths()),
          Primitives.longs(request.latest().getUserFields().getIds()));
    }
    return scored;
  }

  private ScoredUser scoredUser(
      int user, PendingScores.Merged request, UserRecord record, Candidates candidates) {
    float[] pseudoLabels = Primitives.floats(request.latest().getPseudoLabels());
    List<TaskTags> tasks = new ArrayList<>();
    List<TaskStage> stages = new ArrayList<>();
    for (int k = 0; k < config.tasks().size(); k++) {
      Task task = config.tasks().get(k);
      boolean known = request.latest().getPseudoLabelled().get(k);
      pseudoLabels[k] = known ? Math.min(Math.max(pseudoLabels[k], 0f), 1f) : Float.NaN;
      List<TagScore> tags = new ArrayList<>(candidates.perTask());
      for (int rank = 0; rank < candidates.perTask(); rank++) {
        tags.add(new TagScore(candidates.tag(user, k, rank), candidates.score(user, k, rank)));
      }
      tasks.add(new TaskTags(task.name(), tags));
      stages.add(
          new TaskStage(
              task.name(),
              record.stages().alpha(k),
              record.stages().beta(k),
              record.stages().count(k),
              Float.isNaN(pseudoLabels[k]) ? null : pseudoLabels[k]));
    }
    return ScoredUser.newBuilder()
        .setUserId(request.latest().getUserId())
        .setEventTimeMillis(request.eventTimeMillis())
        .setModel(config.model().name())
        .setModelStep(learner.trainer().step())
        .setTasks(tasks)
        .setStageName(StageName.valueOf(learner.name(pseudoLabels).name()))
        .setStages(stages)
        .setCauses(request.causes())
        .build();
  }
}
