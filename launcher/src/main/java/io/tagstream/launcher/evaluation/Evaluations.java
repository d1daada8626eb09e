package io.tagstream.launcher.evaluation;

import io.tagstream.launcher.evaluation.census.CensusEvaluation;
import io.tagstream.launcher.evaluation.interactions.InteractionEvaluation;
import io.tagstream.launcher.evaluation.stream.KuaiRandEvaluation;
import io.tagstream.launcher.evaluation.stream.PlantedEvaluation;
import io.tagstream.launcher.evaluation.stream.UpdateIntervalEvaluation;
import io.tagstream.launcher.evaluation.trial.Evaluation;
import java.util.List;

/** Every comparison of {@code tagstream evaluate}. */
public final class Evaluations {

  private Evaluations() {}

  /** All, in the order of the command's list. */
  public static List<Evaluation> all() {
    return List.of(
        new CensusEvaluation(),
        InteractionEvaluation.lastFm(),
        InteractionEvaluation.movieLens(),
        KuaiRandEvaluation.ofOneKind(),
        KuaiRandEvaluation.ofTabs(),
        new UpdateIntervalEvaluation(),
        new PlantedEvaluation());
  }
}
