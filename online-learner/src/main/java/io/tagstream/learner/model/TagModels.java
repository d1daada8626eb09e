package io.tagstream.learner.model;

import io.tagstream.learner.LearnerConfig;

/** From configuration to network. */
public final class TagModels {

  private TagModels() {}

  /** The configured network, without parameters yet. */
  public static TagModel of(LearnerConfig config) {
    LearnerConfig.Model model = config.model();
    int embedding = config.embedding().dimension();
    return switch (model.name()) {
      case LearnerConfig.Model.TWO_TOWER ->
          new TwoTower(
              config.tasks().size(),
              config.userFields(),
              embedding,
              model.dimension(),
              model.hidden(),
              model.fixedScale());
      case LearnerConfig.Model.MVKE ->
          new Mvke(
              config.userFields(),
              embedding,
              model.dimension(),
              model.hidden(),
              ExpertSets.of(config.tasks(), model.experts()),
              model.fixedScale());
      default ->
          throw new IllegalArgumentException("model.name: " + model.name() + " - is not known");
    };
  }
}
