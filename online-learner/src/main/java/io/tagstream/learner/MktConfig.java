package io.tagstream.learner;

import java.io.Serializable;
import java.util.Objects;

/**
 * What MKT transfers and how. Sizes of its extractors are {@code model.dimension} and {@code
 * model.hidden}, those of its towers and experts are {@link ModelConfig.MultiTask}'s.
 *
 * @param targetEntity the kind of item that profiles are for; all other kinds are sources
 * @param sequenceField user field that is read as a sequence beside the pooled one, from 0
 * @param sequenceLength places of that sequence
 * @param cross how privileged fields are crossed
 * @param alignment width of the implicit layer on privileged fields, and of what they are aligned
 *     to
 * @param polarisation what keeps common and independent knowledge apart
 * @param polarisationWeight {@code γ} of it
 * @param missingRate share of training rows that see the privileged fields as a profile does, not
 * @param refreshSteps steps after which the frozen copy is swapped for the warm model
 */
public record MktConfig(
    String targetEntity,
    int sequenceField,
    int sequenceLength,
    Cross cross,
    int alignment,
    Polarisation polarisation,
    float polarisationWeight,
    float missingRate,
    int refreshSteps)
    implements Serializable {

  /** The explicit cross of privileged fields. */
  public enum Cross {
    /** As printed: {@code v_{l+1} = v_l (v_0ᵀ w_l) + b_l + v_0}. */
    PAPER,
    /** DCN's: {@code v_{l+1} = v_0 (v_lᵀ w_l) + b_l + v_l}. */
    DCN
  }

  /** What of the cosine between common and independent knowledge is made small. */
  public enum Polarisation {
    /** The cosine, as printed. */
    COSINE,
    /** Its square. */
    SQUARED_COSINE
  }

  public MktConfig {
    Rules.require(
        !targetEntity.isBlank(),
        "model.mkt.target-entity",
        "'" + targetEntity + "'",
        "must name one of impressions.entities");
    Rules.require(
        sequenceField >= 0, "model.mkt.sequence-field", sequenceField, "must not be negative");
    positive("sequence-length", sequenceLength);
    Objects.requireNonNull(cross, "cross");
    positive("alignment", alignment);
    Objects.requireNonNull(polarisation, "polarisation");
    Rules.require(
        polarisationWeight >= 0 && Float.isFinite(polarisationWeight),
        "model.mkt.polarisation-weight",
        polarisationWeight,
        "must be finite and not negative");
    // At 0 what stands for missing fields would never be learnt.
    Rules.require(
        missingRate > 0 && missingRate <= 1,
        "model.mkt.missing-rate",
        missingRate,
        "must be above 0 and at most 1");
    positive("refresh-steps", refreshSteps);
  }

  /** The paper's cross and weight; the last ten values of the first user field. */
  public static MktConfig defaults() {
    return new MktConfig("item", 0, 10, Cross.PAPER, 32, Polarisation.COSINE, 0.1f, 0.2f, 200);
  }

  private static void positive(String key, int value) {
    Rules.require(value > 0, "model.mkt." + key, value, "must be positive");
  }
}
