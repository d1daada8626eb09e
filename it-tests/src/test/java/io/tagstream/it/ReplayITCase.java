package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tagstream.launcher.archive.ArchiveManifest;
import io.tagstream.launcher.archive.ArchiveManifest.Partition;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.EventSources;
import io.tagstream.launcher.job.SwitchOffsets;
import io.tagstream.launcher.job.TopicRange;
import io.tagstream.launcher.replay.LogRange;
import io.tagstream.launcher.replay.ReplayPlan;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log gives the same samples live, from its archive, restored, and switched between the two. */
class ReplayITCase {

  private static final int EVENTS = 3_000;
  private static final String LIVE = "live";

  /** Of each record in each subtask: so a log is read in half a minute and can fail on the way. */
  private static final long SLOW_NANOS = 20_000_000;

  /** Of the paced jobs, which run in this JVM. */
  private static volatile long paceNanos;

  private static EventTopics topics;
  private static World world;

  @TempDir private static Path folder;

  private static Path archive;
  private static Path firstHalf;

  /** The archive is made in two goes, with a copy of the first; then the live run. */
  @BeforeAll
  static void eventsFlow() throws Exception {
    world = World.of(17, 30, EVENTS);
    topics = EventTopics.start(folder);
    archive = folder.resolve("archive");
    firstHalf = folder.resolve("first-half");
    topics.send(world.users());
    topics.send(half(0));
    topics.flush();
    topics.export(archive);
    topics.export(firstHalf);
    topics.send(half(1));
    topics.flush();
    topics.export(archive);
    try (RunningJob job =
        start(LIVE, new Configuration(), sources -> sources.live(SwitchOffsets.live(config())))) {
      job.awaitAccepted(world.size());
      topics.awaitLastWatermark(job, LIVE);
      job.suspend();
      assertThat(job.metric("features.lateFacts")).isZero();
    }
    assertThat(SampleRecorder.of(LIVE).samples()).hasSizeGreaterThan(EVENTS / 2);
  }

  @AfterAll
  static void stopBroker() {
    if (topics != null) {
      topics.close();
    }
  }

  @Test
  void theArchiveHoldsEverythingOnce() throws Exception {
    ArchiveManifest manifest = ArchiveManifest.read(archive);
    assertThat(manifest.records()).isEqualTo(world.size());
    for (Topic topic : Topic.inputs()) {
      long records = manifest.of(topic).stream().mapToLong(Partition::records).sum();
      assertThat(records).as(topic.defaultName()).isEqualTo(topics.read(topic).size());
    }
  }

  @Test
  void aReplayedLogGivesTheSamplesOfTheLiveOne() throws Exception {
    String run = "replayed";
    try (RunningJob job = start(run, new Configuration(), sources -> sources.replay(plan()))) {
      job.awaitEnd();
      assertThat(job.accountedFor()).isEqualTo(world.size());
      assertThat(job.accounting("accepted")).isEqualTo(world.size());
      assertThat(job.accounting("open")).as("labels that are open at the end").isPositive();
      assertThat(job.accounting("alarms")).isZero();
      assertThat(job.metric("features.lateFacts")).isZero();
    }
    RecordedJob.assertSameSamples(run, LIVE);
  }

  @Test
  void aReplayThatFailsOnTheWayGoesOn() throws Exception {
    String run = "restored";
    paceNanos = SLOW_NANOS;
    try (RunningJob job =
        RunningJob.start(
            config(),
            folder.resolve(run),
            Saboteur.options(),
            environment -> {
              RecordedJob.of(
                  paced(new EventSources(environment, config()).replay(plan())), config(), run);
              Saboteur.hire(environment);
            })) {
      job.awaitCheckpointAfter(0);
      job.await("the first records", () -> job.accounting("accepted") > 0);
      job.awaitCheckpointAfter(job.newestCheckpoint());
      assertThat(job.accounting("accepted")).as("on the way").isLessThan(world.size());
      Saboteur.strike(job);
      paceNanos = 0;
      job.awaitAccepted(world.size());
      topics.awaitLastWatermark(job, run);
      assertThat(job.accounting("accepted")).isEqualTo(world.size());
    }
    assertThat(SampleRecorder.of(run).conflicts()).isZero();
    RecordedJob.assertSameSamples(run, LIVE);
  }

  @Test
  void aBackfillGoesOnLiveAtTheOffsetsWhereTheArchiveEnds() throws Exception {
    String run = "switched";
    SwitchOffsets offsets = SwitchOffsets.behind(ArchiveManifest.read(firstHalf), config());
    ReplayPlan plan = ReplayPlan.ofArchive(firstHalf, LogRange.ALL);
    assertThat(plan.records()).isBetween(1L, world.size() - 1L);
    try (RunningJob job =
        start(run, new Configuration(), sources -> sources.backfillThenLive(plan, offsets))) {
      job.awaitAccepted(world.size());
      topics.awaitLastWatermark(job, run);
      job.suspend();
      assertThat(job.accounting("accepted")).isEqualTo(world.size());
      assertThat(job.accounting("duplicate")).isZero();
      assertThat(job.metric("features.lateFacts")).isZero();
    }
    assertThat(SampleRecorder.of(run).differingFrom(SampleRecorder.of(LIVE))).isEmpty();
  }

  /** With more subtasks than partitions, one has nothing to read: it must not hold time back. */
  @Test
  void aSingleFileIsReplayedAsItIsWithManyPartitions() throws Exception {
    Path file = folder.resolve("impressions.jsonl");
    StringBuilder lines = new StringBuilder();
    for (WorldEvent event : world.events()) {
      if (event.topic() == Topic.IMPRESSIONS) {
        lines.append(event.record()).append(System.lineSeparator());
      }
    }
    Files.writeString(file, lines);
    ReplayPlan plan = ReplayPlan.ofFiles(Map.of(Topic.IMPRESSIONS, List.of(file)));
    String run = "single-file";
    try (RunningJob job = start(run, new Configuration(), sources -> sources.replay(plan))) {
      job.awaitEnd();
      assertThat(job.accounting("deadLettered")).isZero();
      long open = job.accounting("open");
      assertThat(open).as("windows that the last event does not close").isPositive();
      assertThat(SampleRecorder.of(run).samples())
          .as("windows that closed")
          .isNotEmpty()
          .hasSize(Math.toIntExact(lines(file) - open));
    }
  }

  private static long lines(Path file) throws Exception {
    try (Stream<String> all = Files.lines(file)) {
      return all.count();
    }
  }

  @Test
  void offsetsOfAPartitionLimitWhatIsRead() throws Exception {
    long clicks = TopicRange.of(LogRange.ALL, config()).ends().get(new TopicPartition("clicks", 0));
    LogRange middle = clicks(3, clicks - 4);
    assertThat(TopicRange.of(middle, config()).offsets()).isEqualTo(world.size() - 7);
    Map<String, Input> inputs =
        Map.of(
            "topics-in-part", sources -> sources.replay(TopicRange.of(middle, config())),
            "archive-in-part", sources -> sources.replay(ReplayPlan.ofArchive(archive, middle)));
    for (Map.Entry<String, Input> each : inputs.entrySet()) {
      try (RunningJob job = start(each.getKey(), new Configuration(), each.getValue())) {
        job.awaitEnd();
        assertThat(job.accounting("accepted")).as(each.getKey()).isEqualTo(world.size() - 7);
      }
    }
    LogRange beyond = clicks(0, clicks + 1);
    assertThatThrownBy(() -> TopicRange.of(beyond, config()))
        .hasMessage(
            "clicks/0: offsets ..%d - the topic holds 0 to %d".formatted(clicks + 1, clicks));
    assertThatThrownBy(() -> ReplayPlan.ofArchive(archive, beyond))
        .hasMessageContaining("the archive holds 0 to " + clicks);
  }

  private static LogRange clicks(long from, long to) {
    return new LogRange(
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        Map.of(new LogRange.Partition(Topic.CLICKS, 0), new LogRange.Offsets(from, to)));
  }

  @Test
  void aReplayOfTopicsThatWasStoppedGoesOnAndEnds() throws Exception {
    String run = "topics-restored";
    paceNanos = SLOW_NANOS;
    TopicRange all = TopicRange.of(LogRange.ALL, config());
    Input paced = sources -> paced(sources.replay(all));
    String savepoint;
    try (RunningJob job = start(run, new Configuration(), paced)) {
      job.await("the first records", () -> job.accounting("accepted") > 0);
      savepoint = job.suspend();
      assertThat(job.accounting("accepted")).as("on the way").isLessThan(world.size());
    }
    paceNanos = 0;
    try (RunningJob job = start(run, RunningJob.from(savepoint), paced)) {
      job.awaitEnd();
      assertThat(job.accounting("accepted")).isEqualTo(world.size());
    }
    RecordedJob.assertSameSamples(run, LIVE);
  }

  @Test
  void aPartitionThatTheArchiveLacksIsNamed() throws Exception {
    Path lacking = Files.createDirectories(folder.resolve("lacking"));
    ObjectMapper json = new ObjectMapper();
    JsonNode manifest = json.readTree(firstHalf.resolve(ArchiveManifest.FILE).toFile());
    for (Iterator<JsonNode> all = manifest.path("partitions").elements(); all.hasNext(); ) {
      ObjectNode partition = (ObjectNode) all.next();
      partition.putArray("files");
      if (partition.path("topic").asText().equals("clicks")
          && partition.path("partition").asInt() == 1) {
        all.remove();
      }
    }
    json.writeValue(lacking.resolve(ArchiveManifest.FILE).toFile(), manifest);
    assertThatThrownBy(() -> SwitchOffsets.behind(ArchiveManifest.read(lacking), config()))
        .hasMessageContaining("clicks-1: is not in the archive");
  }

  @FunctionalInterface
  private interface Input {
    DataStream<InputRecord> of(EventSources sources) throws Exception;
  }

  private static RunningJob start(String run, Configuration options, Input input) throws Exception {
    return RunningJob.start(
        config(),
        folder.resolve(run),
        options,
        environment ->
            RecordedJob.of(input.of(new EventSources(environment, config())), config(), run));
  }

  /** Slow enough to be interrupted on the way. */
  private static DataStream<InputRecord> paced(DataStream<InputRecord> input) {
    return input
        .map(
            record -> {
              LockSupport.parkNanos(paceNanos);
              return record;
            })
        .returns(InputRecord.class)
        .uid("pace");
  }

  private static ReplayPlan plan() throws Exception {
    return ReplayPlan.ofArchive(archive, LogRange.ALL);
  }

  private static TagstreamConfig config() {
    return topics.config();
  }

  private static List<WorldEvent> half(int number) {
    return world.events().subList(number * EVENTS / 2, (number + 1) * EVENTS / 2);
  }
}
