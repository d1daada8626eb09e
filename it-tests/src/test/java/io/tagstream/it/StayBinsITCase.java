package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.EventSources;
import io.tagstream.launcher.job.SwitchOffsets;
import io.tagstream.launcher.replay.LogRange;
import io.tagstream.launcher.replay.ReplayPlan;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stay labels in counted bins over many hours, live, restored, rescaled and replayed. */
class StayBinsITCase {

  private static final int EVENTS = 4_000;
  private static final int BINS = 5;

  private static final int STAY = 1;
  private static final String COUNTED = "labels.stay-bins: quantiles";
  private static final String LIVE = "stays-live";

  private static EventTopics topics;
  private static World world;
  private static String savepoint;

  @TempDir private static Path folder;

  /** One run stops in the middle, before the other half of the events is there. */
  @BeforeAll
  static void eventsFlow() throws Exception {
    world = World.sparse(29, 30, EVENTS);
    topics = EventTopics.start(folder);
    topics.send(world.users());
    topics.send(half(0));
    topics.flush();
    try (RunningJob job = live("stays-restored", config(), new Configuration())) {
      job.awaitAccepted(world.users().size() + EVENTS / 2);
      topics.awaitLastWatermark(job, "stays-restored");
      savepoint = job.suspend();
    }
    topics.send(half(1));
    topics.flush();
    try (RunningJob job = live(LIVE, config(), new Configuration())) {
      job.awaitAccepted(world.size());
      topics.awaitLastWatermark(job, LIVE);
      job.suspend();
      assertThat(job.metric("features.lateFacts")).isZero();
      assertThat(job.metric("features.staysTooLate")).isZero();
      assertThat(job.metric("features.staysCounted")).isGreaterThanOrEqualTo(stays(LIVE).size());
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
  void aRunRestoredWithMoreSubtasksGivesTheSamplesOfTheUndisturbedOne() throws Exception {
    String run = "stays-restored";
    TagstreamConfig wider = topics.configWith(settings(), COUNTED, "pipeline.parallelism: 3");
    try (RunningJob job = live(run, wider, RunningJob.from(savepoint))) {
      job.awaitAccepted(world.size());
      topics.awaitLastWatermark(job, run);
      job.suspend();
    }
    assertThat(SampleRecorder.of(run).conflicts()).isZero();
    assertThat(SampleRecorder.of(run).differingFrom(SampleRecorder.of(LIVE))).isEmpty();
  }

  @Test
  void aReplayedLogGivesTheSamplesOfTheLiveOne() throws Exception {
    String run = "stays-replayed";
    Path archive = folder.resolve("archive");
    topics.export(archive);
    ReplayPlan plan = ReplayPlan.ofArchive(archive, LogRange.ALL);
    try (RunningJob job =
        start(run, config(), new Configuration(), sources -> sources.replay(plan))) {
      job.awaitEnd();
      assertThat(job.accounting("accepted")).isEqualTo(world.size());
      assertThat(job.metric("features.staysTooLate")).isZero();
    }
    RecordedJob.assertSameSamples(run, LIVE);
  }

  @Test
  void theLabelsAreNotThoseOfTheConfiguredEdges() throws Exception {
    String run = "stays-by-edges";
    try (RunningJob job = live(run, topics.configWith(settings()), new Configuration())) {
      job.awaitAccepted(world.size());
      topics.awaitLastWatermark(job, run);
      job.suspend();
    }
    Map<String, Float> counted = stays(LIVE);
    Map<String, Float> configured = stays(run);
    assertThat(counted.keySet()).isEqualTo(configured.keySet());
    List<Float> differing =
        counted.entrySet().stream()
            .filter(stay -> !stay.getValue().equals(configured.get(stay.getKey())))
            .map(Map.Entry::getValue)
            .toList();
    assertThat(differing)
        .hasSizeGreaterThan(counted.size() / 2)
        .contains(0.25f, 0.5f, 0.75f)
        .allMatch(label -> label * (BINS - 1) == Math.rint(label * (BINS - 1)));
  }

  @FunctionalInterface
  private interface Input {
    DataStream<InputRecord> of(EventSources sources) throws Exception;
  }

  private static RunningJob live(String run, TagstreamConfig config, Configuration options)
      throws Exception {
    return start(run, config, options, sources -> sources.live(SwitchOffsets.live(config)));
  }

  private static RunningJob start(
      String run, TagstreamConfig config, Configuration options, Input input) throws Exception {
    return RunningJob.start(
        config,
        folder.resolve(run),
        options,
        environment ->
            RecordedJob.of(input.of(new EventSources(environment, config)), config, run));
  }

  /** The stay label of each impression that has one. */
  private static Map<String, Float> stays(String run) throws Exception {
    SingleObjectCodec<TrainingSample> codec = new SingleObjectCodec<>(TrainingSample.class);
    Map<String, Float> labels = new HashMap<>();
    for (Map.Entry<SampleRecorder.Key, ByteBuffer> sample :
        SampleRecorder.of(run).samples().entrySet()) {
      if (sample.getKey().emission() == Emission.STAY) {
        TrainingSample decoded = codec.decode(Utils.toArray(sample.getValue()));
        labels.put(sample.getKey().impressionId(), decoded.getLabels().get(STAY));
      }
    }
    return labels;
  }

  private static TagstreamConfig config() throws Exception {
    return topics.configWith(settings(), COUNTED);
  }

  private static String settings() {
    return "labels: {stay-bin-count: %d, stay-history: 6 h}".formatted(BINS);
  }

  private static List<WorldEvent> half(int number) {
    return world.events().subList(number * EVENTS / 2, (number + 1) * EVENTS / 2);
  }
}
