package io.tagstream.learner.training;

import io.tagstream.learner.OptimizerConfig;
import io.tagstream.learner.model.Parameter;

/**
 * Adam (Kingma and Ba, algorithm 1) in plain Java: DJL's own keeps its moments where no checkpoint
 * reaches them.
 */
final class Adam {

  private final OptimizerConfig config;

  Adam(OptimizerConfig config) {
    this.config = config;
  }

  /**
   * Updates one parameter.
   *
   * @param step number of this update, from 1
   */
  void apply(Parameter parameter, float[] gradient, long step) {
    float[] w = parameter.values();
    float[] m = parameter.firstMoment();
    float[] v = parameter.secondMoment();
    float beta1 = config.beta1();
    float beta2 = config.beta2();
    // StrictMath: the same bits on every machine.
    float rate =
        (float)
            (config.learningRate() * parameter.rate() / (1 - StrictMath.pow(beta1, (double) step)));
    float correction = (float) (1 / (1 - StrictMath.pow(beta2, (double) step)));
    float epsilon = config.epsilon();
    for (int i = 0; i < w.length; i++) {
      float g = gradient[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      w[i] -= rate * m[i] / ((float) Math.sqrt(v[i] * correction) + epsilon);
    }
  }
}
