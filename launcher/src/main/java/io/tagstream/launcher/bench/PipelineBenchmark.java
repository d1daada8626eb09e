package io.tagstream.launcher.bench;

import io.tagstream.launcher.bench.FusedRun.Progress;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.demo.EventPump;
import io.tagstream.launcher.world.EventSource;
import io.tagstream.launcher.world.LeadingEvents;
import io.tagstream.launcher.world.PlantedWorld;
import io.tagstream.launcher.world.PlantedWorldConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The whole way at full speed. The events are in their topics before the job starts, so that no
 * sender takes processor time from it.
 */
final class PipelineBenchmark implements Benchmark {

  private static final int USERS = 100_000;
  private static final int EVENTS = 1_500_000;

  /** Event time runs faster than the wall, so that label windows close as often as they open. */
  private static final double SPEEDUP = 60;

  private static final double DENSITY = 10_000;
  // Java compiles for minutes, and takes a quarter of two processors for it.
  private static final double WARM_UP_SHARE = 0.5;
  private static final double END_SHARE = 0.97;
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration REPORTED = Duration.ofSeconds(5);
  // Throughput before latency: larger batches, fewer flushes, memory for the records of all users.
  private static final String SETTINGS =
      """
      watermarks.alignment-drift: 5 min
      profiles.interval: 1 s
      pipeline.buffer-timeout: 20 ms
      batch.flush-interval: 250 ms
      state.managed-memory: 768 mb
      """;

  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public String summary() {
    return "fused pipeline between topics, 100k users, mix 55/15/27/3, training on: at least"
        + " 10k events/s";
  }

  @Override
  public Outcome measure(BenchRun run) throws Exception {
    PlantedWorldConfig world =
        PlantedWorldConfig.defaults(run.seed())
            .withUsers(run.count(USERS, 1_000))
            .withRate(DENSITY, SPEEDUP);
    int events = run.count(EVENTS, 20_000);
    EventSource source = LeadingEvents.first(new PlantedWorld(world), events);
    TopicCounts counts = new TopicCounts();
    try (FusedRun fused = FusedRun.start(run, world, source.fields(), SETTINGS)) {
      run.progress().accept("sending " + events + " events ...");
      long sent = send(fused.config(), source, counts);
      fused.submit();
      long users = sent - events;
      Progress from = await(run, fused, users + (long) (events * WARM_UP_SHARE));
      Progress to = await(run, fused, users + (long) (events * END_SHARE));
      return outcome(fused.config(), world, counts, from, to);
    }
  }

  private static long send(TagstreamConfig config, EventSource source, TopicCounts counts)
      throws InterruptedException {
    EventPump.Pace unbounded = EventPump.Pace.following(Long.MAX_VALUE);
    try (EventPump pump = new EventPump(source, config, unbounded, () -> 0, counts)) {
      pump.sendReference();
      pump.run();
      return pump.sent();
    }
  }

  private static Progress await(BenchRun run, FusedRun fused, long accepted) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    Progress told = fused.progress();
    while (true) {
      Progress now = fused.progress();
      if (now.accepted() + now.refused() >= accepted) {
        return now;
      }
      if (now.nanos() > deadline) {
        throw new IllegalStateException(
            "the job took in %.0f of %d events in %s - is it stuck? See the log"
                .formatted(now.accepted(), accepted, LIMIT));
      }
      if (now.nanos() - told.nanos() > REPORTED.toNanos()) {
        run.progress()
            .accept(
                "%.0f events, %.0f events/s"
                    .formatted(
                        now.accepted(), (now.accepted() - told.accepted()) / now.seconds(told)));
        told = now;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static Outcome outcome(
      TagstreamConfig config,
      PlantedWorldConfig world,
      TopicCounts counts,
      Progress from,
      Progress to) {
    double seconds = to.seconds(from);
    double eventsPerSecond = (to.accepted() - from.accepted()) / seconds;
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("eventsPerSecond", eventsPerSecond);
    figures.put("samplesTrainedPerSecond", (to.trained() - from.trained()) / seconds);
    figures.put("usersScoredPerSecond", (to.scored() - from.scored()) / seconds);
    figures.put("profilesPerSecond", (to.published() - from.published()) / seconds);
    figures.put("measuredSeconds", seconds);
    figures.put("deadLetters", to.refused());
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("users", world.users());
    configuration.put("mix", counts.mix());
    configuration.put("eventSecondsPerSecondAt10k", SPEEDUP);
    configuration.put("parallelism", config.pipeline().parallelism());
    configuration.put("stateBackend", config.state().backend().name());
    configuration.put("managedMemoryMegabytes", config.state().managedMemoryBytes() >> 20);
    configuration.put("checkpointInterval", config.state().checkpointInterval().toString());
    configuration.put("delivery", config.kafka().delivery().name());
    configuration.put("profileInterval", config.profiles().interval().toString());
    configuration.put("model", config.learner().name());
    configuration.put("batch", config.learner().batch().size());
    configuration.put("flushInterval", config.learner().batch().flushInterval().toString());
    configuration.put("bufferTimeout", config.pipeline().bufferTimeout().toString());
    configuration.put("heapMaxMegabytes", Heap.maxMegabytes());
    return new Outcome(
        List.of(Target.atLeast("eventsPerSecond", eventsPerSecond, 10_000)),
        figures,
        configuration);
  }
}
