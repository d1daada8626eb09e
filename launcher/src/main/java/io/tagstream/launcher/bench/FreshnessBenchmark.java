package io.tagstream.launcher.bench;

import io.tagstream.launcher.bench.FusedRun.Progress;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.demo.EventPump;
import io.tagstream.launcher.world.PlantedWorld;
import io.tagstream.launcher.world.PlantedWorldConfig;
import io.tagstream.schemas.Topic;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** From a click to the first profile that names it, at the pace of real time. */
final class FreshnessBenchmark implements Benchmark {

  private static final int USERS = 20_000;
  private static final double EVENTS_PER_SECOND = 2_000;
  private static final Duration WARM_UP = Duration.ofMinutes(2);
  private static final Duration MEASURED = Duration.ofSeconds(90);
  private static final double MOST_SPEEDUP = 4;
  private static final Duration LAST_PROFILES = Duration.ofSeconds(15);
  private static final Duration REPORTED = Duration.ofSeconds(10);

  // Every scoring is published: a click whose profile stays as it is would never be named.
  private static final String SETTINGS =
      """
      profiles.interval: 0 s
      profiles.score-threshold: 0
      pipeline.buffer-timeout: 1 ms
      """;

  @Override
  public String name() {
    return "freshness";
  }

  @Override
  public String summary() {
    return "click to first profile that names it, 2k events/s, no rate limit: p99 at most 1 s";
  }

  @Override
  public Outcome measure(BenchRun run) throws Exception {
    return measure(run, "kafka.delivery: at-least-once");
  }

  /** The same with a further setting. */
  static Outcome measure(BenchRun run, String setting) throws Exception {
    PlantedWorldConfig world =
        PlantedWorldConfig.defaults(run.seed())
            .withUsers(run.count(USERS, 500))
            .withRate(EVENTS_PER_SECOND, 1);
    double speedup = speedup(world, run.time(WARM_UP), run.time(MEASURED));
    PlantedWorld source = new PlantedWorld(world);
    TopicCounts counts = new TopicCounts();
    try (FusedRun fused = FusedRun.start(run, world, source.fields(), SETTINGS + setting);
        EventPump pump =
            new EventPump(source, fused.config(), EventPump.Pace.times(speedup), () -> 0, counts)) {
      pump.sendReference();
      fused.submit();
      try (ClickWatch watch = new ClickWatch(fused.config(), run.scratch().resolve("watch"))) {
        return watched(run, fused, pump, counts, watch);
      }
    }
  }

  /**
   * How fast the world has to be played for the mean rate to be reached while it is measured: all
   * its users are new at the start, and see less than in the long run.
   */
  private static double speedup(PlantedWorldConfig world, Duration warmUp, Duration measured) {
    long from = warmUp.toMillis();
    long to = from + measured.toMillis();
    double wanted = EVENTS_PER_SECOND * measured.toMillis() / 1_000;
    LongArrayList times = new LongArrayList();
    try (PlantedWorld source = new PlantedWorld(world)) {
      while (times.isEmpty() || times.getLong(times.size() - 1) < MOST_SPEEDUP * to) {
        times.add(source.next().eventTimeMillis() - source.startMillis());
      }
    }
    for (double speedup = 1; speedup < MOST_SPEEDUP; speedup += 0.01) {
      double begin = speedup * from;
      double end = speedup * to;
      if (times.longStream().filter(time -> time > begin && time <= end).count() >= wanted) {
        return speedup;
      }
    }
    throw new IllegalStateException("the world never reaches its rate");
  }

  private static Outcome watched(
      BenchRun run, FusedRun fused, EventPump pump, TopicCounts counts, ClickWatch watch)
      throws Exception {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread sending = pump.start(failure::set);
    run.progress().accept("events flow; warming up ...");
    waitFor(run, fused, run.time(WARM_UP), watch, failure);
    Progress from = fused.progress();
    long clicksBefore = counts.of(Topic.CLICKS);
    watch.from(System.currentTimeMillis());
    run.progress().accept("measuring ...");
    waitFor(run, fused, run.time(MEASURED), watch, failure);
    watch.to(System.currentTimeMillis());
    long clicks = counts.of(Topic.CLICKS) - clicksBefore;
    Progress to = fused.progress();
    waitFor(run, fused, LAST_PROFILES, watch, failure);
    pump.stop();
    sending.join();
    return outcome(fused, watch.millis(), watch.readMillis(), clicks, from, to, counts);
  }

  private static void waitFor(
      BenchRun run,
      FusedRun fused,
      Duration time,
      ClickWatch watch,
      AtomicReference<@Nullable Throwable> failure)
      throws Exception {
    long end = System.nanoTime() + time.toNanos();
    long report = System.nanoTime() + REPORTED.toNanos();
    while (System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(100);
      Throwable failed = failure.get();
      if (failed != null) {
        throw new IllegalStateException("sending events failed: " + failed.getMessage(), failed);
      }
      if (System.nanoTime() > report) {
        report += REPORTED.toNanos();
        Progress now = fused.progress();
        run.progress()
            .accept(
                "%.0f events, %.0f profiles; clicks so far: p99 %d ms"
                    .formatted(
                        now.accepted(), now.published(), watch.millis().getValueAtPercentile(99)));
      }
    }
  }

  private static Outcome outcome(
      FusedRun fused,
      Histogram millis,
      Histogram readMillis,
      long clicks,
      Progress from,
      Progress to,
      TopicCounts counts) {
    double seconds = to.seconds(from);
    boolean any = millis.getTotalCount() > 0;
    double p99 = any ? millis.getValueAtPercentile(99) : Double.NaN;
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("p50Millis", any ? (double) millis.getValueAtPercentile(50) : Double.NaN);
    figures.put("p99Millis", p99);
    figures.put("p999Millis", any ? (double) millis.getValueAtPercentile(99.9) : Double.NaN);
    figures.put("maxMillis", any ? (double) millis.getMaxValue() : Double.NaN);
    figures.put("readP50Millis", any ? (double) readMillis.getValueAtPercentile(50) : Double.NaN);
    figures.put("readP99Millis", any ? (double) readMillis.getValueAtPercentile(99) : Double.NaN);
    figures.put("clicksSent", clicks);
    figures.put("clicksInProfiles", millis.getTotalCount());
    figures.put("eventsPerSecond", (to.accepted() - from.accepted()) / seconds);
    figures.put("samplesTrainedPerSecond", (to.trained() - from.trained()) / seconds);
    figures.put("profilesPerSecond", (to.published() - from.published()) / seconds);
    figures.put("suppressedUnchanged", fused.metric("profile.suppressedUnchanged"));
    figures.put("measuredSeconds", seconds);
    TagstreamConfig config = fused.config();
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("eventsPerSecond", EVENTS_PER_SECOND);
    configuration.put("mix", counts.mix());
    configuration.put("profileInterval", config.profiles().interval().toString());
    configuration.put("scoreThreshold", (double) config.profiles().scoreThreshold());
    configuration.put("delivery", config.kafka().delivery().name());
    configuration.put("bufferTimeout", config.pipeline().bufferTimeout().toString());
    configuration.put("flushInterval", config.learner().batch().flushInterval().toString());
    configuration.put("checkpointInterval", config.state().checkpointInterval().toString());
    configuration.put("parallelism", config.pipeline().parallelism());
    configuration.put("model", config.learner().name());
    return new Outcome(List.of(Target.atMost("p99Millis", p99, 1_000)), figures, configuration);
  }
}
