package io.tagstream.learner.model;

import io.tagstream.learner.LearnerConfig;
import org.jspecify.annotations.Nullable;

/**
 * What stands beside every network, whichever runs; null for what is switched off.
 *
 * @param ownTags what a tag gains as one of the user's own, mixed into every output
 * @param tagPrior what a tag gains whoever the user is, added to every output
 * @param calibration what is added to every task in the end
 */
public record LogitTerms(
    @Nullable OwnTagTerm ownTags,
    @Nullable TagPriorTerm tagPrior,
    @Nullable CalibrationTerm calibration) {

  /** The configured terms, their parameters declared. */
  public static LogitTerms declared(LearnerConfig config, ParameterSet parameters) {
    int outputs = config.outputs().size();
    LogitTerms terms =
        new LogitTerms(
            config.model().ownTags() ? new OwnTagTerm(outputs, config.userFields()) : null,
            config.model().tagPrior()
                ? new TagPriorTerm(outputs, config.embedding().dimension())
                : null,
            config.model().calibration() ? new CalibrationTerm(config.tasks().size()) : null);
    if (terms.ownTags != null) {
      terms.ownTags.declare(parameters);
    }
    if (terms.tagPrior != null) {
      terms.tagPrior.declare(parameters);
    }
    if (terms.calibration != null) {
      terms.calibration.declare(parameters);
    }
    return terms;
  }
}
