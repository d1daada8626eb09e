package io.tagstream.learner.flink;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ScoringConfig.DefaultProfile;
import io.tagstream.learner.assembly.BatchLearner;
import io.tagstream.learner.assembly.Primitives;
import io.tagstream.learner.scoring.Candidates;
import io.tagstream.learner.scoring.UserBags;
import io.tagstream.learner.stage.UserRecord;
import io.tagstream.schemas.FeatureBags;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.ScoredUser;
import io.tagstream.schemas.StageName;
import io.tagstream.schemas.TagScore;
import io.tagstream.schemas.Task;
import io.tagstream.schemas.TaskStage;
import io.tagstream.schemas.TaskTags;
import java.util.ArrayList;
import java.util.List;

/**
 * Merged score requests to scored users: one pass of the scorer for all of them.
 *
 * <p>A user who is asked for without a cause, and of whom no label was ever trained, is new: with a
 * default profile configured, he gets what is popular, in the name of the model {@value
 * #POPULARITY}; the scores are then shares of all users' positives. The model, which has nothing to
 * go by, is not asked.
 */
final class UserScoring {

  static final String POPULARITY = "popularity";

  private final LearnerConfig config;
  private final List<String> outputs;
  private final BatchLearner learner;

  UserScoring(LearnerConfig config, BatchLearner learner) {
    this.config = config;
    this.outputs = config.outputs();
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

  /** A user's tags for an output, best first. */
  @FunctionalInterface
  private interface Ranking {
    List<TagScore> of(int output);
  }

  /**
   * Scores users with the model as it is now, and keeps their fields in their records.
   *
   * @param requests one per user
   * @param records where the users' stages are
   * @return one scored user per request; new users come last, or not at all while nothing is
   *     popular
   */
  List<ScoredUser> score(List<PendingScores.Merged> requests, BatchLearner.Users records) {
    List<PendingScores.Merged> known = new ArrayList<>();
    List<PendingScores.Merged> unknown = new ArrayList<>();
    for (PendingScores.Merged request : requests) {
      (isNew(request, records) ? unknown : known).add(request);
    }
    List<ScoredUser> scored = new ArrayList<>(requests.size());
    Candidates candidates = candidates(known);
    for (int u = 0; u < known.size(); u++) {
      int user = u;
      scored.add(
          scored(
              known.get(u),
              records.of(known.get(u).latest().getUserId()),
              config.name(),
              output -> ranking(candidates, user, output)));
    }
    if (!unknown.isEmpty()) {
      List<List<TagScore>> popular = popular();
      if (popular.stream().anyMatch(tags -> !tags.isEmpty())) {
        for (PendingScores.Merged request : unknown) {
          scored.add(
              scored(
                  request,
                  records.of(request.latest().getUserId()),
                  POPULARITY,
                  output -> popular.get(config.taskOf(output))));
        }
      }
    }
    return scored;
  }

  private boolean isNew(PendingScores.Merged request, BatchLearner.Users records) {
    return config.scoring().defaultProfile() == DefaultProfile.POPULARITY
        && request.causes().isEmpty()
        && !records.of(request.latest().getUserId()).stages().counted();
  }

  private Candidates candidates(List<PendingScores.Merged> requests) {
    UserBags bags = new UserBags();
    for (PendingScores.Merged request : requests) {
      FeatureBags fields = request.latest().getUserFields();
      bags.add(Primitives.ints(fields.getLengths()), Primitives.longs(fields.getIds()));
    }
    return bags.score(learner.trainer().scorer());
  }

  private static List<TagScore> ranking(Candidates candidates, int user, int output) {
    List<TagScore> tags = new ArrayList<>(candidates.perOutput());
    for (int rank = 0; rank < candidates.perOutput(); rank++) {
      tags.add(
          new TagScore(candidates.tag(user, output, rank), candidates.score(user, output, rank)));
    }
    return tags;
  }

  /** What is popular now, per task. */
  private List<List<TagScore>> popular() {
    List<List<TagScore>> popular = new ArrayList<>();
    for (int k = 0; k < config.tasks().size(); k++) {
      popular.add(
          learner
              .popularity()
              .best(k, config.scoring().candidates(), config.scoring().deniedTags())
              .stream()
              .map(share -> new TagScore(share.tag(), share.share()))
              .toList());
    }
    return popular;
  }

  private ScoredUser scored(
      PendingScores.Merged request, UserRecord record, String model, Ranking ranking) {
    float[] pseudoLabels = Primitives.floats(request.latest().getPseudoLabels());
    List<TaskTags> tags = new ArrayList<>();
    for (int o = 0; o < outputs.size(); o++) {
      tags.add(new TaskTags(outputs.get(o), ranking.of(o)));
    }
    List<TaskStage> stages = new ArrayList<>();
    for (int k = 0; k < config.tasks().size(); k++) {
      Task task = config.tasks().get(k);
      boolean known = request.latest().getPseudoLabelled().get(k);
      pseudoLabels[k] = known ? Math.min(Math.max(pseudoLabels[k], 0f), 1f) : Float.NaN;
      stages.add(
          new TaskStage(
              task.name(),
              record.stages().alpha(k),
              record.stages().beta(k),
              record.stages().count(k),
              Float.isNaN(pseudoLabels[k]) ? null : pseudoLabels[k]));
    }
    note(request, record);
    return ScoredUser.newBuilder()
        .setUserId(request.latest().getUserId())
        .setEventTimeMillis(request.eventTimeMillis())
        .setModel(model)
        .setModelStep(learner.trainer().step())
        .setTasks(tags)
        .setStageName(StageName.valueOf(learner.name(pseudoLabels).name()))
        .setStages(stages)
        .setCauses(request.causes())
        .build();
  }

  /** Keeps in the user's record what a request says, so that he can be scored without one. */
  static void note(PendingScores.Merged request, UserRecord record) {
    record.seen(
        request.eventTimeMillis(),
        request.latest().getFeatureSchemaVersion(),
        Primitives.ints(request.latest().getUserFields().getLengths()),
        Primitives.longs(request.latest().getUserFields().getIds()));
  }
}
