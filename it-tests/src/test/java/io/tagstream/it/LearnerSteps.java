package io.tagstream.it;

import io.tagstream.ingestion.flink.EventTimeWatermarks;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.FusedJob;
import io.tagstream.launcher.job.InProcessMetrics;
import io.tagstream.launcher.world.PlantedWorld;
import io.tagstream.launcher.world.PlantedWorldConfig;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.profile.IntervalClock;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A process that trains on a planted world in small steps and prints its resident memory, once
 * after a warm-up and once thousands of steps later.
 */
final class LearnerSteps {

  /** Begins a line with resident memory in bytes. */
  static final String RESIDENT = "RESIDENT ";

  private static final long WARM_UP_STEPS = 1_500;
  private static final long STEPS = 4_500;
  private static final int PORTION = 100;
  private static final double EVENTS_PER_SECOND = 20_000;

  private static final String SETTINGS =
      """
      tasks: {click: click, stay: stay, conversion: 'conversion(purchase, subscribe)'}
      features.user-attributes: [ageGroup, region]
      features.privileged: [category, creator]
      model.dimension: 8
      model.hidden: [8]
      embedding.dimension: 4
      batch.size: 8
      learner.device: cpu
      learner.metrics-interval: 1 s
      pipeline.parallelism: 1
      pipeline.restart-attempts: 0
      state.backend: hashmap
      """;

  private LearnerSteps() {}

  /**
   * Runs it.
   *
   * @param args a folder for the state, and the network's name
   */
  public static void main(String[] args) throws Exception {
    TagstreamConfig config =
        TagstreamConfig.parse("settings of the test", SETTINGS, "model.name: " + args[1]);
    try (RunningJob job =
        RunningJob.start(
            config, Path.of(args[0]), new Configuration(), env -> build(env, config))) {
      String steps = InProcessMetrics.ofModel(config.learner(), "steps");
      job.awaitMetric(steps, WARM_UP_STEPS, PORTION);
      printResident();
      job.awaitMetric(steps, STEPS, PORTION);
      printResident();
    }
    System.exit(0);
  }

  private static void build(StreamExecutionEnvironment environment, TagstreamConfig config) {
    FusedJob.Outputs outputs =
        FusedJob.of(
            environment
                .fromSource(
                    new DataGeneratorSource<>(
                        new Events(),
                        Long.MAX_VALUE,
                        RateLimiterStrategy.perSecond(EVENTS_PER_SECOND),
                        new AvroTypeInfo<>(InputRecord.class)),
                    EventTimeWatermarks.strategy(config.ingestion()),
                    "events")
                .uid("events"),
            config,
            IntervalClock.WALL);
    outputs.profiles().sinkTo(new DiscardingSink<>()).uid("profiles");
  }

  private static void printResident() throws IOException {
    System.gc(); // native memory that Java objects hold is freed with them
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        long kilobytes = Long.parseLong(line.replaceAll("\\D", ""));
        System.out.println(RESIDENT + (kilobytes << 10));
      }
    }
  }

  /** The world's events, one after the other. */
  private static final class Events implements GeneratorFunction<Long, InputRecord> {

    private transient PlantedWorld world;

    @Override
    public InputRecord map(Long index) {
      if (world == null) {
        world = new PlantedWorld(PlantedWorldConfig.defaults(14).withUsers(50));
      }
      WorldEvent event = world.next();
      Origin origin = new Origin(event.topic().defaultName(), 0, index, event.eventTimeMillis());
      return new InputRecord(origin, event.record());
    }
  }
}
