package io.tagstream.learner.model;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.schemas.Task;

/** From configuration to network. */
public final class TagModels {

  private TagModels() {}

  /** The configured network, without parameters yet. */
  public static TagModel of(LearnerConfig config) {
    ModelConfig model = config.model();
    int embedding = config.embedding().dimension();
    int tasks = config.tasks().size();
    PairInput pair = new PairInput(config.userFields(), embedding);
    return switch (model.network()) {
      case TWO_TOWER -> twoTower(config);
      case CWTM -> new Cwtm(twoTower(config), pair, model);
      case MVKE ->
          new Mvke(
              config.userFields(),
              embedding,
              model.dimension(),
              model.hidden(),
              ExpertSets.of(config.tasks(), model.experts()),
              model.fixedScale());
      case SINGLE_TASK -> new SharedBottom(tasks, pair, model, false);
      case SHARED_BOTTOM -> new SharedBottom(tasks, pair, model, true);
      case MOE -> new MixtureOfExperts(tasks, pair, model, false);
      case MMOE -> new MixtureOfExperts(tasks, pair, model, true);
      case PLE -> new ProgressiveExtraction(tasks, pair, model);
      case CTMVM -> new Ctmvm(tasks, pair, embedding, config.privilegedFields(), model);
      case YOUTUBE -> new YouTube(tasks, pair, model);
      case UTPM -> new Utpm(tasks, config.userFields(), embedding, model);
      case AITM -> new AdaptiveTransfer(tasks, pair, model);
      case DTN ->
          new Dtn(
              config.tasks().stream().map(Task::name).toList(),
              config.userFields(),
              embedding,
              model);
    };
  }

  private static TwoTower twoTower(LearnerConfig config) {
    ModelConfig model = config.model();
    return new TwoTower(
        config.tasks().size(),
        config.userFields(),
        config.embedding().dimension(),
        model.dimension(),
        model.hidden(),
        model.fixedScale());
  }
}
