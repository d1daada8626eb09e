package io.tagstream.learner;

import static io.tagstream.learner.Rules.require;
import static io.tagstream.learner.Rules.requirePositive;

import java.io.Serializable;

/**
 * Tags that were not shown, as negatives of impressions with a positive label. Impressions alone
 * teach P(label | shown); a profile that ranks over all tags needs these.
 *
 * @param perImpression sampled uniformly over the vocabulary for each such impression; 0 is off
 * @param weight of one sampled row against one real row. Uniform sampling shifts every tag's logit
 *     by the same {@code −ln(perImpression·weight/T)}, so ranking needs no log-Q term
 * @param output what they train
 */
public record NegativesConfig(int perImpression, float weight, Output output)
    implements Serializable {

  /** What sampled negatives train. */
  public enum Output {
    /**
     * An output of its own, which learns which tag is taken among all: the positives of the first
     * task against sampled tags. The tasks keep to what was shown, and stay calibrated.
     */
    RETRIEVAL,
    /** The tasks, which then learn of a world with these negatives in it. */
    TASKS
  }

  public NegativesConfig {
    require(
        perImpression >= 0 && perImpression <= 1000,
        "negatives.per-impression",
        perImpression,
        "must be between 0 and 1000");
    requirePositive("negatives.weight", weight);
  }

  public static NegativesConfig defaults() {
    return new NegativesConfig(0, 1f, Output.RETRIEVAL);
  }

  /** Whether there are any, and they have an output of their own. */
  public boolean trainRetrieval() {
    return perImpression > 0 && output == Output.RETRIEVAL;
  }
}
