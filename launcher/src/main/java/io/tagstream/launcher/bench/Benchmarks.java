package io.tagstream.launcher.bench;

import java.util.List;

/** The benchmarks there are, in the order they run. */
public final class Benchmarks {

  private Benchmarks() {}

  /** All of them. */
  public static List<Benchmark> all() {
    return List.of(
        new FeaturesBenchmark(),
        new TrainingBenchmark(),
        new ScoringBenchmark(),
        new ModelsBenchmark(),
        new PipelineBenchmark(),
        new FreshnessBenchmark(),
        new DeliveryBenchmark(),
        new CheckpointBenchmark(),
        new SubscriberBenchmark());
  }
}
