package io.tagstream.learner;

import static io.tagstream.learner.Rules.require;
import static io.tagstream.learner.Rules.requirePositive;

import java.io.Serializable;
import java.time.Duration;

/**
 * EmbeddingConfig rows.
 *
 * @param dimension size of a row
 * @param learningRate of row-wise AdaGrad
 * @param epsilon added to the root of AdaGrad's accumulator
 * @param initialScale rows start uniform in {@code ±initialScale}
 * @param admissionCount a feature gets its row with this many sightings; 1 is at once
 * @param expiry a row not seen in training for so long, in event time, is dropped
 */
public record EmbeddingConfig(
    int dimension,
    float learningRate,
    float epsilon,
    float initialScale,
    int admissionCount,
    Duration expiry)
    implements Serializable {

  public EmbeddingConfig {
    require(dimension > 0, "embedding.dimension", dimension, "must be positive");
    requirePositive("embedding.learning-rate", learningRate);
    requirePositive("embedding.epsilon", epsilon);
    requirePositive("embedding.initial-scale", initialScale);
    require(
        admissionCount > 0 && admissionCount <= 1 << 20,
        "embedding.admission-count",
        admissionCount,
        "must be between 1 and 1048576");
    require(
        expiry.toMinutes() > 0 && expiry.toDays() <= 3650,
        "embedding.expiry",
        expiry,
        "must be between a minute and 3650 days");
  }

  public static EmbeddingConfig defaults() {
    return new EmbeddingConfig(16, 0.1f, 1e-8f, 0.2f, 1, Duration.ofDays(60));
  }
}
