package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.EventSources;
import io.tagstream.launcher.job.InProcessMetrics;
import io.tagstream.launcher.job.SwitchOffsets;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that fails and comes back learns what an undisturbed one learns, every model of it. */
class RecoveryITCase {

  private static final int PART = 700;

  private static EventTopics topics;
  private static World world;

  @TempDir private static Path folder;

  @BeforeAll
  static void startBroker() throws Exception {
    world = World.of(13, 30, 4 * PART);
    topics = EventTopics.start(folder);
  }

  @AfterAll
  static void stopBroker() {
    if (topics != null) {
      topics.close();
    }
  }

  @Test
  void samplesAndModelEqualThoseOfAnUndisturbedRun() throws Exception {
    // Both runs read the same topics; the disturbed one first, while they fill.
    String disturbed = "disturbed";
    TagstreamConfig disturbedConfig = deterministic(folder.resolve("models-disturbed"));
    topics.send(part(0));
    topics.flush();
    String savepoint;
    try (RunningJob job = start(disturbedConfig, disturbed, Saboteur.options())) {
      job.awaitAccepted(PART);
      job.awaitCheckpointAfter(0);
      Saboteur.strike(job);
      topics.send(part(1));
      topics.flush();
      job.awaitAccepted(2 * PART);
      job.awaitCheckpointAfter(job.newestCheckpoint());
      topics.send(part(2));
      topics.flush();
      job.awaitAccepted(2 * PART + PART / 2);
      Saboteur.strike(job);
      job.awaitCheckpointAfter(job.newestCheckpoint());
      job.awaitAccepted(3 * PART);
      savepoint = job.suspend();
    }
    // Without checkpoints of its own the next failure goes back to the savepoint.
    Configuration options = Saboteur.options();
    options.addAll(withoutCheckpoints());
    options.addAll(RunningJob.from(savepoint));
    topics.send(part(3));
    topics.flush();
    int samplesBefore = SampleRecorder.of(disturbed).samples().size();
    Map<String, Long> restoredSteps;
    try (RunningJob job = start(disturbedConfig, disturbed, options)) {
      job.await(
          "samples of the last part",
          () -> SampleRecorder.of(disturbed).samples().size() > samplesBefore);
      int repeated = SampleRecorder.of(disturbed).repeated();
      Saboteur.strike(job);
      job.await(
          "samples again after the restart",
          () -> SampleRecorder.of(disturbed).repeated() > repeated);
      job.awaitAccepted(world.events().size());
      topics.awaitLastWatermark(job, disturbed);
      job.suspend();
      assertThat(job.accountedFor()).isEqualTo(world.events().size());
      assertThat(job.accounting("alarms")).isZero();
      restoredSteps = steps(job, disturbedConfig);
    }

    String undisturbed = "undisturbed";
    TagstreamConfig config = deterministic(folder.resolve("models"));
    Map<String, Long> steps;
    try (RunningJob job = start(config, undisturbed, withoutCheckpoints())) {
      job.awaitAccepted(world.events().size());
      topics.awaitLastWatermark(job, undisturbed);
      job.suspend();
      assertThat(job.metric("features.lateFacts")).isZero();
      steps = steps(job, config);
    }

    SampleRecorder.Recording restored = SampleRecorder.of(disturbed);
    assertThat(restored.repeated()).as("samples that a restart repeated").isPositive();
    assertThat(restored.conflicts()).isZero();
    assertThat(restored.samples()).hasSizeGreaterThan(PART);
    assertThat(restored.differingFrom(SampleRecorder.of(undisturbed)))
        .as("samples that only one run made, or that differ")
        .isEmpty();
    assertThat(restoredSteps).isEqualTo(steps).hasSize(Network.values().length);
    assertThat(steps.values()).allMatch(each -> each > 10);
    for (String model : steps.keySet()) {
      assertThat(ModelDigest.of(disturbedConfig, model, steps.get(model)))
          .as(model)
          .isEqualTo(ModelDigest.of(config, model, steps.get(model)));
    }
  }

  private static Map<String, Long> steps(RunningJob job, TagstreamConfig config) {
    Map<String, Long> steps = new TreeMap<>();
    for (LearnerConfig model : config.models()) {
      steps.put(model.name(), job.metric(InProcessMetrics.ofModel(model, "steps")));
    }
    return steps;
  }

  private static List<WorldEvent> part(int number) {
    return world.events().subList(number * PART, (number + 1) * PART);
  }

  private static TagstreamConfig deterministic(Path models) throws Exception {
    return topics.configWith(
        "learner.models: " + Arrays.stream(Network.values()).map(Network::configName).toList(),
        """
        batch.mode: deterministic
        snapshots.interval: 1 ms
        """,
        "snapshots.directory: '" + models + "'");
  }

  private static Configuration withoutCheckpoints() {
    Configuration options = new Configuration();
    options.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofHours(1));
    return options;
  }

  private static RunningJob start(TagstreamConfig config, String run, Configuration options)
      throws Exception {
    return RunningJob.start(
        config,
        folder.resolve(run),
        options,
        environment -> {
          RecordedJob.of(
              new EventSources(environment, config).live(SwitchOffsets.live(config)), config, run);
          Saboteur.hire(environment);
        });
  }
}
