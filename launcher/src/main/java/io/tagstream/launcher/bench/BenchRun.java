package io.tagstream.launcher.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What a benchmark is told.
 *
 * @param seed everything random follows from it
 * @param scale {@code --scale}: factor on table sizes, populations and times; figures of a scaled
 *     run are for trying out, not for quoting
 * @param scratch an empty folder of its own, removed afterwards
 * @param progress told what is going on, a line at a time
 */
public record BenchRun(long seed, double scale, Path scratch, Consumer<String> progress) {

  private static final Duration SHORTEST = Duration.ofMillis(500);

  public BenchRun {
    if (!(scale > 0 && scale <= 10)) {
      throw new IllegalArgumentException(
          "--scale: " + scale + " - must be above 0 and at most 10; 1 is the whole benchmark");
    }
  }

  /** A number of things, scaled, but at least so many. */
  int count(int whole, int least) {
    return Math.toIntExact(Math.max(least, Math.round(whole * scale)));
  }

  /** A time, scaled, but long enough for anything to happen. */
  Duration time(Duration whole) {
    Duration scaled = Duration.ofNanos((long) (whole.toNanos() * scale));
    return scaled.compareTo(SHORTEST) < 0 ? SHORTEST : scaled;
  }
}
