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
import io.tagstream.launcher.replay.AppendTimeRange;
import io.tagstream.launcher.replay.ReplayPlan;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log gives the same samples live, from its archive, restored, and switched between the two. */
class ReplayITCase {

  private static final int EVENTS = 3_000;
  private static final String LIVE = "live";

  /** Of each record in each subtask: a log that is read in some seconds can fail on the way. */
  private static final long PACE_NANOS = 3_000_000;

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
    try (RunningJob job =
        RunningJob.start(
            config(),
            folder.resolve(run),
            Saboteur.options(),
            environment -> {
              DataStream<InputRecord> input =
                  new EventSources(environment, config())
                      .replay(plan())
                      .map(
                          record -> {
                            LockSupport.parkNanos(PACE_NANOS);
                            return record;
                          })
                      .returns(InputRecord.class)
                      .uid("pace");
              RecordedJob.of(input, config(), run);
              Saboteur.hire(environment);
            })) {
      job.awaitCheckpointAfter(0);
      job.await("the first records", () -> job.accounting("accepted") > 0);
      job.awaitCheckpointAfter(job.newestCheckpoint());
      assertThat(job.accounting("accepted")).as("on the way").isLessThan(world.size());
      Saboteur.strike(job);
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
    ReplayPlan plan = ReplayPlan.ofArchive(firstHalf, AppendTimeRange.ALL);
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

  private static ReplayPlan plan() throws Exception {
    return ReplayPlan.ofArchive(archive, AppendTimeRange.ALL);
  }

  private static TagstreamConfig config() {
    return topics.config();
  }

  private static List<WorldEvent> half(int number) {
    return world.events().subList(number * EVENTS / 2, (number + 1) * EVENTS / 2);
  }
}
