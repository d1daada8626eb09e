package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.features.flink.FeaturesStage;
import io.tagstream.ingestion.decode.registry.RegistryServer;
import io.tagstream.ingestion.flink.IngestionStage;
import io.tagstream.it.SentRecord.Fate;
import io.tagstream.launcher.broker.EmbeddedBroker;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.EventSources;
import io.tagstream.launcher.job.FusedJob;
import io.tagstream.launcher.job.InProcessMetrics;
import io.tagstream.launcher.job.KafkaSinks;
import io.tagstream.launcher.job.SwitchOffsets;
import io.tagstream.profile.IntervalClock;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserFact;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Good events among mutated ones, on all topics, in all wire formats, through the fused job on a
 * real broker. Every good one is labelled as if it were alone; every other one is a dead letter,
 * once, with its reason; the job does not restart, and its accounting balances.
 */
class MutatedEventsITCase {

  private static final long SEED = 20_260_321;

  /** Of all formats together. */
  private static final int RECORDS = Integer.getInteger("tagstream.mutated-records", 1_000_000);

  private static final int FEW_RECORDS = 20_000;

  private static final String[] SETTINGS = {
    MutatedWorld.SETTINGS, "pipeline.restart-attempts: 0", "checkpoints.interval: 5 s"
  };

  /** The reasons that a record of any format may be refused for. */
  private static final Set<DeadLetterReason> COMMON =
      EnumSet.complementOf(
          EnumSet.of(
              DeadLetterReason.UNKNOWN_REASON,
              DeadLetterReason.UNMAPPABLE,
              DeadLetterReason.INCOMPATIBLE_SCHEMA,
              DeadLetterReason.UNKNOWN_SCHEMA));

  /** The wire formats. */
  enum Format {
    SINGLE_OBJECTS(1),
    REGISTRY(2),
    JSON(3),
    FOREIGN_JSON(4);

    private final int seed;

    Format(int seed) {
      this.seed = seed;
    }

    private Wire with(RegistryServer registry) {
      return switch (this) {
        case SINGLE_OBJECTS -> new SingleObjectWire();
        case REGISTRY -> new RegistryWire(registry);
        case JSON -> new JsonWire(new CanonicalJson());
        case FOREIGN_JSON -> new JsonWire(new ForeignJson());
      };
    }
  }

  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBroker(@TempDir Path folder) throws Exception {
    broker = EmbeddedBroker.start(folder);
  }

  @AfterAll
  static void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void mutatedRecordsHarmNoGoodOnes(Format format, @TempDir Path folder) throws Exception {
    goodAmongMutated(format, FEW_RECORDS / Format.values().length, folder);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("long")
  void aMillionMutatedRecordsHarmNoGoodOnes(Format format, @TempDir Path folder) throws Exception {
    goodAmongMutated(format, RECORDS / Format.values().length, folder);
  }

  private static void goodAmongMutated(Format format, int records, Path folder) throws Exception {
    System.out.printf("%s: seed %d, %d records%n", format, SEED + format.seed, records);
    try (RegistryServer registry = new RegistryServer()) {
      Wire wire = format.with(registry);
      MutatedWorld world = new MutatedWorld(wire, SEED + format.seed, records, 2);
      List<SentRecord> all = world.all();
      assertThat(all).hasSize(records);
      System.out.println(counts(all));
      String mixed = format + " " + records;
      String alone = mixed + ", good ones alone";
      amongMutated(world, wire, mixed, folder.resolve(format + "-" + records + "-mixed"));
      alone(world, alone, folder.resolve(format + "-" + records + "-alone"));
      SampleRecorder.Recording samples = SampleRecorder.of(mixed);
      assertThat(samples.repeated()).isZero();
      assertThat(samples.samples().keySet()).isEqualTo(world.expectedSamples());
      assertThat(samples.differingFrom(SampleRecorder.of(alone))).isEmpty();
      System.out.println(format + ": equal samples " + samples.samples().size());
      SampleRecorder.forget(mixed);
      SampleRecorder.forget(alone);
    }
  }

  /** All records through the whole job. */
  private static void amongMutated(MutatedWorld world, Wire wire, String run, Path folder)
      throws Exception {
    List<SentRecord> all = world.all();
    try (EventTopics topics = topics(folder, wire.settings())) {
      Letters letters = new Letters(topics);
      try (RunningJob job =
          RunningJob.start(
              topics.config(),
              folder.resolve("job"),
              new Configuration(),
              environment -> wholeJob(environment, topics.config(), run))) {
        play(world, job, letters, topics.config(), run, Function.identity());
        List<String> faults = letters.faults(topics.read(Topic.DEAD_LETTERS));
        assertThat(faults.stream().limit(20)).as("%d faults", faults.size()).isEmpty();
        assertAllAccountedFor(world, job, all);
      }
      System.out.println(run + ": refused " + letters.byReason());
      Set<DeadLetterReason> reasons = EnumSet.copyOf(COMMON);
      reasons.addAll(wire.ownReasons());
      assertThat(letters.byReason().keySet()).isEqualTo(reasons);
    }
  }

  private static void wholeJob(
      StreamExecutionEnvironment environment, TagstreamConfig config, String run) throws Exception {
    FusedJob.Outputs outputs =
        FusedJob.of(
            new EventSources(environment, config).live(SwitchOffsets.live(config)),
            config,
            IntervalClock.WALL);
    outputs.samples().sinkTo(new SampleRecorder(run)).uid("samples");
    new KafkaSinks(config).write(outputs);
  }

  private static void assertAllAccountedFor(
      MutatedWorld world, RunningJob job, List<SentRecord> all) {
    assertThat(job.metric(InProcessMetrics.RESTARTS)).isZero();
    assertThat(job.accounting("accepted")).isEqualTo(all.size());
    assertThat(job.accountedFor()).isEqualTo(all.size());
    assertThat(job.accounting("imbalance")).isZero();
    assertThat(job.accounting("alarms")).isZero();
    assertThat(job.accounting("deadLettered"))
        .isEqualTo(all.stream().filter(SentRecord::refused).count());
    assertThat(job.accounting("open")).isEqualTo(world.open());
    assertThat(job.accounting("closed"))
        .isEqualTo(count(all, Fate.OPENED) + count(all, Fate.NOTED) - world.open());
    // Which of two is the repetition may depend on which came first; their sum does not.
    assertThat(job.accounting("matched") + job.accounting("duplicate"))
        .isEqualTo(count(all, Fate.PLACED) + count(all, Fate.REPEATED));
    assertThat(job.metric("features.lateFacts")).isZero();
  }

  /** Those that can be read through ingestion and features, as canonical single objects. */
  private static void alone(MutatedWorld world, String run, Path folder) throws Exception {
    try (EventTopics topics = topics(folder, "")) {
      TagstreamConfig config = topics.config();
      Letters letters = new Letters(topics);
      try (RunningJob job =
          RunningJob.start(
              config,
              folder.resolve("job"),
              new Configuration(),
              environment -> {
                IngestionStage.Outputs ingested =
                    IngestionStage.of(
                        new EventSources(environment, config).live(SwitchOffsets.live(config)),
                        config.ingestion());
                FeaturesStage.of(
                        ingested.facts().keyBy(UserFact::getUserId, Types.STRING),
                        config.features())
                    .sinkTo(new SampleRecorder(run))
                    .uid("samples");
              })) {
        play(world, job, letters, config, run, MutatedEventsITCase::readable);
      }
    }
  }

  private static EventTopics topics(Path folder, String settings) throws Exception {
    String[] all = Arrays.copyOf(SETTINGS, SETTINGS.length + 1);
    all[SETTINGS.length] = settings;
    return EventTopics.of(broker, folder.getFileName().toString(), all);
  }

  /**
   * Sends the parts of a world, each when the job has what the next one needs: users, items and
   * deletions are known before events, and the late ones come when it is too late.
   */
  private static void play(
      MutatedWorld world,
      RunningJob job,
      Letters letters,
      TagstreamConfig config,
      String run,
      Function<List<SentRecord>, List<SentRecord>> part)
      throws Exception {
    List<SentRecord> before = part.apply(world.before());
    letters.send(before);
    job.awaitAccepted(before.size());
    long noted = count(before, Fate.NOTED);
    job.await("users and items to be known", () -> job.accounting("closed") >= noted);
    int sent = before.size();
    for (int tick = 0; tick < 2; tick++) {
      List<SentRecord> events = part.apply(tick == 0 ? world.events() : world.stragglers());
      List<SentRecord> ticks = part.apply(world.tickOf(tick));
      letters.send(events);
      letters.send(ticks);
      sent += events.size() + ticks.size();
      job.awaitAccepted(sent);
      long watermark = world.watermarkOf(tick, config.ingestion().watermarkBound());
      job.await("the tick", () -> SampleRecorder.of(run).watermark() >= watermark);
    }
    job.suspend();
  }

  private static List<SentRecord> readable(List<SentRecord> records) {
    return records.stream().filter(SentRecord::readable).map(SentRecord::canonical).toList();
  }

  private static long count(List<SentRecord> records, Fate fate) {
    return records.stream().filter(record -> record.fate() == fate).count();
  }

  private static Map<String, Long> counts(List<SentRecord> records) {
    return records.stream()
        .collect(Collectors.groupingBy(SentRecord::what, TreeMap::new, Collectors.counting()));
  }
}
