package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.InProcessMetrics;
import io.tagstream.launcher.job.JobShape;
import io.tagstream.launcher.job.KafkaJob;
import io.tagstream.launcher.job.SwitchOffsets;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserDeletion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two jobs with topics between them make the samples, and learn the model, that one job does. */
class SplitJobsITCase {

  private static final int PART = 900;
  private static final String FUSED = "fused";

  @TempDir private Path folder;

  @Test
  void samplesAndModelsEqualThoseOfTheFusedJob() throws Exception {
    World world = World.of(17, 30, 3 * PART);
    List<WorldEvent> events = world.events();
    try (EventTopics topics = EventTopics.start(folder)) {
      TagstreamConfig config = deterministic(topics, "models");
      topics.send(events.subList(0, PART));
      topics.flush();
      Configuration options = Saboteur.options();
      String learnt;
      try (RunningJob features = features(config, options);
          RunningJob learner = learner(config, new Configuration())) {
        features.awaitAccepted(PART);
        features.awaitCheckpointAfter(0);
        Saboteur.strike(features);
        topics.send(events.subList(PART, 2 * PART));
        topics.flush();
        features.awaitAccepted(2 * PART);
        LearnerConfig first = config.models().get(0);
        learner.await("steps", () -> learner.metric(InProcessMetrics.ofModel(first, "steps")) > 2);
        learnt = learner.suspend();
        topics.send(events.subList(2 * PART, events.size()));
        topics.flush();
        features.awaitAccepted(events.size());

        TagstreamConfig fusedConfig = deterministic(topics, "models-fused");
        Map<String, Long> steps = fused(topics, fusedConfig, events.size());
        assertThat(steps.values()).allMatch(each -> each > 10);
        try (RunningJob restored = learner(config, RunningJob.from(learnt))) {
          for (LearnerConfig model : config.models()) {
            String metric = InProcessMetrics.ofModel(model, "steps");
            restored.await(
                "the steps of " + model.name(),
                () -> restored.metric(metric) >= steps.get(model.name()));
          }
          Map<SampleRecorder.Key, ByteBuffer> expected = SampleRecorder.of(FUSED).samples();
          restored.await(
              "the last transaction of samples",
              () -> WrittenSamples.in(topics).size() >= expected.size());
          assertThat(WrittenSamples.in(topics))
              .hasSizeGreaterThan(PART)
              .containsExactlyInAnyOrderEntriesOf(expected);
          forgetsWhoIsDeleted(topics, restored);
          restored.suspend();
        }
        features.suspend();
        long deletion = 1;
        assertThat(features.accountedFor()).isEqualTo(events.size() + deletion);
        assertThat(features.accounting("alarms")).isZero();
        for (LearnerConfig model : config.models()) {
          assertThat(ModelDigest.of(config, model.name(), steps.get(model.name())))
              .as(model.name())
              .isEqualTo(ModelDigest.of(fusedConfig, model.name(), steps.get(model.name())));
        }
      }
    }
  }

  private TagstreamConfig deterministic(EventTopics topics, String models) throws Exception {
    return topics.configWith(
        "learner.models: [mvke, two-tower]",
        "batch.mode: deterministic",
        "snapshots: {interval: 1 ms, directory: '" + folder.resolve(models) + "'}");
  }

  private RunningJob features(TagstreamConfig config, Configuration options) throws Exception {
    return RunningJob.start(
        config,
        folder.resolve("features"),
        options,
        environment -> {
          new KafkaJob(environment, config, JobShape.FEATURES).live(SwitchOffsets.live(config));
          Saboteur.hire(environment);
        });
  }

  private RunningJob learner(TagstreamConfig config, Configuration options) throws Exception {
    return RunningJob.start(
        config,
        folder.resolve("learner"),
        options,
        environment -> new KafkaJob(environment, config, JobShape.LEARNER).learn());
  }

  /** Steps of each model of one job over the same topics. */
  private Map<String, Long> fused(EventTopics topics, TagstreamConfig config, int events)
      throws Exception {
    Map<String, Long> steps = new HashMap<>();
    RecordedJob.undisturbed(
        topics,
        config,
        folder.resolve(FUSED),
        FUSED,
        events,
        job -> {
          for (LearnerConfig model : config.models()) {
            steps.put(model.name(), job.metric(InProcessMetrics.ofModel(model, "steps")));
          }
        });
    return steps;
  }

  private static void forgetsWhoIsDeleted(EventTopics topics, RunningJob learner) throws Exception {
    String user =
        new String(topics.read(Topic.USER_TAG_PROFILES).get(0).key(), StandardCharsets.UTF_8);
    topics.send(
        new ProducerRecord<>(
            topics.config().topics().name(Topic.USER_DELETIONS),
            user.getBytes(StandardCharsets.UTF_8),
            EventTopics.encode(new UserDeletion(user, System.currentTimeMillis()))));
    topics.flush();
    learner.await(
        "the tombstone of " + user,
        () ->
            topics.read(Topic.USER_TAG_PROFILES).stream()
                .anyMatch(
                    record ->
                        record.value() == null
                            && user.equals(new String(record.key(), StandardCharsets.UTF_8))));
  }
}
