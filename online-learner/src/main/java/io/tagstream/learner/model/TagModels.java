package io.tagstream.learner.model;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.ModelConfig;

/** From configuration to network. */
public final class TagModels {

  private TagModels() {}

  /** The configured network, without parameters yet. */
  public static TagModel of(LearnerConfig config) {
    ModelConfig model = config.model();
    int embedding = config.embedding().dimension();
    int outputs = config.outputs().size();
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
              ExpertSets.of(config),
              model.fixedScale());
      case SINGLE_TASK -> new SharedBottom(outputs, pair, model, false);
      case SHARED_BOTTOM -> new SharedBottom(outputs, pair, model, true);
      case MOE -> new MixtureOfExperts(outputs, pair, model, false);
      case MMOE -> new MixtureOfExperts(outputs, pair, model, true);
      case PLE -> new ProgressiveExtraction(outputs, pair, model);
      case CTMVM -> new Ctmvm(outputs, pair, embedding, config.privilegedFields(), model);
      case YOUTUBE -> new YouTube(outputs, pair, model);
      case UTPM -> new Utpm(outputs, config.userFields(), embedding, model);
      case AITM -> new AdaptiveTransfer(outputs, config.tasks().size(), pair, model);
      case COMBINED ->
          new Combined(
              config.userFields(),
              embedding,
              config.privilegedFields(),
              ExpertSets.of(config),
              model);
      case MKT ->
          new Mkt(outputs, config.userFields(), embedding, config.privilegedFields(), model);
      case DTN -> new Dtn(config.outputs(), config.userFields(), embedding, model);
    };
  }

  private static TwoTower twoTower(LearnerConfig config) {
    ModelConfig model = config.model();
    return new TwoTower(
        config.outputs().size(),
        config.userFields(),
        config.embedding().dimension(),
        model.dimension(),
        model.hidden(),
        model.fixedScale());
  }
}
