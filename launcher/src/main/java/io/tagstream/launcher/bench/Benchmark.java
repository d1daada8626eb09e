package io.tagstream.launcher.bench;

/** One benchmark of {@code tagstream bench}. */
public interface Benchmark {

  /** Name on the command line and in the results: lower case with dashes. */
  String name();

  /** One line: what is measured, and which figure is hoped for. */
  String summary();

  /**
   * Measures.
   *
   * @param run what it is told: seed, scale, scratch folder
   * @throws Exception when it could not be measured
   */
  Outcome measure(BenchRun run) throws Exception;
}
