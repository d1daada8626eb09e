package io.tagstream.learner.model;

import ai.djl.ndarray.NDArray;
import io.tagstream.learner.MktConfig;

/** MKT's polarised distribution loss {@code γ L_pdl} (eq. 11 to 13). */
final class PolarisedDistribution {

  private PolarisedDistribution() {}

  /**
   * {@code γ Σ cos}, or of its square: a scalar.
   *
   * @param cosines of common and independent knowledge, {@code [N, 1]}
   */
  static NDArray loss(MktConfig config, NDArray cosines) {
    NDArray sum =
        switch (config.polarisation()) {
          case COSINE -> cosines.sum();
          case SQUARED_COSINE -> cosines.mul(cosines).sum();
        };
    return sum.mul(Layers.constant(sum, config.polarisationWeight()));
  }
}
