package io.tagstream.launcher.world;

/**
 * SplitMix64 (Steele, Lea, Flood 2014): a random sequence that depends on its seed alone, on every
 * machine and Java release. Not thread-safe.
 */
final class SeededRandom {

  private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;
  private static final double UNIT = 0x1.0p-53;

  private long state;

  /** A sequence of its own for each (seed, stream, index). */
  SeededRandom(long seed, String stream, long index) {
    state = mix(mix(seed) ^ mix(stream.hashCode()) ^ mix(index + GOLDEN_GAMMA));
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in [0, 1). */
  double nextDouble() {
    return (nextLong() >>> 11) * UNIT;
  }

  /** Uniform in [0, bound). */
  int nextInt(int bound) {
    return (int) (nextDouble() * bound);
  }

  boolean chance(double probability) {
    return nextDouble() < probability;
  }

  /** Exponential with this mean. */
  double exponential(double mean) {
    return -mean * StrictMath.log(1 - nextDouble());
  }

  /** Standard normal (Box–Muller). */
  double gaussian() {
    return StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()))
        * StrictMath.cos(2 * StrictMath.PI * nextDouble());
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
