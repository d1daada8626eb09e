package io.tagstream.learner;

import static io.tagstream.learner.Rules.require;
import static io.tagstream.learner.Rules.requirePositive;

import java.io.Serializable;

/**
 * Adam on the dense parameters.
 *
 * @param learningRate step size
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment (STAN: 1e-6)
 * @param gradientNormBound a batch whose gradient's L2 norm, dense parameters and rows together,
 *     exceeds it is not applied but quarantined
 */
public record OptimizerConfig(
    float learningRate, float beta1, float beta2, float epsilon, double gradientNormBound)
    implements Serializable {

  public OptimizerConfig {
    requirePositive("optimizer.learning-rate", learningRate);
    require(beta1 >= 0 && beta1 < 1, "optimizer.beta1", beta1, "must be in [0, 1)");
    require(beta2 >= 0 && beta2 < 1, "optimizer.beta2", beta2, "must be in [0, 1)");
    requirePositive("optimizer.epsilon", epsilon);
    require(
        gradientNormBound > 0, "quarantine.gradient-norm", gradientNormBound, "must be positive");
  }

  public static OptimizerConfig defaults() {
    return new OptimizerConfig(3e-3f, 0.9f, 0.999f, 1e-6f, 1000.0);
  }
}
