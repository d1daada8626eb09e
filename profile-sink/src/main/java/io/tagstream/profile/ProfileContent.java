package io.tagstream.profile;

import java.util.List;

/**
 * What a model says of a user at one time; rankings hold candidates before the selection and the
 * published tags after it.
 *
 * @param eventTimeMillis event time of the scoring, milliseconds since the epoch
 * @param model name of the model
 * @param modelStep training step of the model
 * @param stageName name of the life-cycle stage
 * @param stages stage per task
 * @param rankings tags per task
 */
public record ProfileContent(
    long eventTimeMillis,
    String model,
    long modelStep,
    String stageName,
    List<StageValue> stages,
    List<TaskRanking> rankings) {

  public ProfileContent {
    stages = List.copyOf(stages);
    rankings = List.copyOf(rankings);
  }

  /** The same with other rankings. */
  public ProfileContent withRankings(List<TaskRanking> selected) {
    return new ProfileContent(eventTimeMillis, model, modelStep, stageName, stages, selected);
  }

  /** Name and step of the model that scored. */
  public String modelVersion() {
    return model + '@' + modelStep;
  }

  /** Whether every score is a number: a model that has blown up says nothing of a user. */
  public boolean finite() {
    return rankings.stream()
        .flatMap(r -> r.tags().stream())
        .allMatch(t -> Float.isFinite(t.score()));
  }
}
