package io.tagstream.learner.stage;

import java.util.SplittableRandom;
import net.openhft.hashing.LongHashFunction;
import org.apache.commons.rng.sampling.distribution.ChengBetaSampler;

/**
 * Draws {@code γ ~ Beta(α, β)} by name instead of by turn: the random stream of a draw is seeded
 * from (user, impression, task), so it does not depend on what else was drawn before, and a
 * correction draws from the stream of the label it takes back.
 */
final class GammaSampler {

  private static final LongHashFunction HASH = LongHashFunction.xx3(0x6265_7461_7374_6167L);

  private GammaSampler() {}

  /** The seed that names a draw. */
  static long seed(long user, long impression, int task, long learnerSeed) {
    return HASH.hashLongs(new long[] {user, impression, task, learnerSeed});
  }

  /** A draw; equal arguments give equal draws. */
  static double draw(double alpha, double beta, long seed) {
    SplittableRandom stream = new SplittableRandom(seed);
    return ChengBetaSampler.of(stream::nextLong, alpha, beta).sample();
  }
}
