package io.tagstream.launcher.bench;

import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Work repeated for a time, each repetition timed. */
final class Rounds {

  /** One repetition. */
  @FunctionalInterface
  interface Work {
    void round(int number);
  }

  private final double[] millis;
  private final double seconds;
  private final double processorSeconds;

  private Rounds(double[] millis, double seconds, double processorSeconds) {
    this.millis = millis;
    this.seconds = seconds;
    this.processorSeconds = processorSeconds;
  }

  /** Repeats in the calling thread until the time is over, at least once. */
  static Rounds of(Duration time, Work work) {
    DoubleArrayList millis = new DoubleArrayList();
    long processor = processorNanos();
    long start = System.nanoTime();
    long end = start + time.toNanos();
    long now = start;
    do {
      work.round(millis.size());
      long after = System.nanoTime();
      millis.add((after - now) / 1e6);
      now = after;
    } while (now < end);
    return new Rounds(
        millis.toDoubleArray(), (now - start) / 1e9, (processorNanos() - processor) / 1e9);
  }

  /** Time the calling thread ran: fair on a machine that others share. */
  private static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  int count() {
    return millis.length;
  }

  /** Milliseconds of the middle repetition. */
  double medianMillis() {
    return Figures.median(millis);
  }

  /** Repetitions per second of wall time. */
  double perSecond() {
    return millis.length / seconds;
  }

  /** Repetitions per second in which the thread ran. */
  double perProcessorSecond() {
    return millis.length / processorSeconds;
  }
}
