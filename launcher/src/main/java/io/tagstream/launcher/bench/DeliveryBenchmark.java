package io.tagstream.launcher.bench;

import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What exactly-once delivery costs in freshness: both guarantees, one after the other. */
final class DeliveryBenchmark implements Benchmark {

  private static final List<String> GUARANTEES = List.of("at-least-once", "exactly-once");

  @Override
  public String name() {
    return "delivery";
  }

  @Override
  public String summary() {
    return "freshness at least once and exactly once, 2k events/s: the price of transactions";
  }

  @Override
  public Outcome measure(BenchRun run) throws Exception {
    Map<String, Object> figures = new LinkedHashMap<>();
    Map<String, Object> configuration = new LinkedHashMap<>();
    for (String guarantee : GUARANTEES) {
      run.progress().accept(guarantee + " ...");
      BenchRun own =
          new BenchRun(
              run.seed(),
              run.scale(),
              Files.createDirectories(run.scratch().resolve(guarantee)),
              run.progress());
      Outcome outcome = FreshnessBenchmark.measure(own, "kafka.delivery: " + guarantee);
      figures.put(guarantee, outcome.figures());
      configuration.putAll(outcome.configuration());
    }
    configuration.remove("delivery");
    return new Outcome(List.of(), figures, configuration);
  }
}
