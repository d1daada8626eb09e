package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.InProcessMetrics;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelPromotion;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several models on one stream: one publishes, and a command has another do so. */
class PromotionITCase {

  private static final int PART = 1_000;

  @TempDir private Path folder;

  @Test
  void theChampionPublishesAndAPromotionLosesNothing() throws Exception {
    World world = World.of(31, 30, 3 * PART);
    try (EventTopics topics =
        EventTopics.start(
            folder, "learner.models: [two-tower, mvke]", "pipeline.restart-attempts: 0")) {
      topics.send(world.users());
      topics.send(world.events().subList(0, PART));
      topics.flush();
      String savepoint;
      try (RunningJob job =
          RunningJob.onKafka(topics.config(), folder.resolve("job"), environment -> {})) {
        job.awaitAccepted(world.users().size() + PART);
        awaitProfiles(job, topics, "two-tower", clickers(world, 0));
        awaitMetrics(job, topics, "mvke");
        assertThat(modelsOf(topics)).containsExactly("two-tower");

        sendWhatIsNoPromotion(topics);
        CommandRun refused = promote(topics, "dtn", "1s");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
            .contains("dtn - is none of the configured models [two-tower, mvke]");
        CommandRun said = promote(topics, "mvke", "60s");
        assertThat(said.code()).as(said.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(said.out());
        assertThat(report.get("champion").asText()).isEqualTo("mvke");
        assertThat(report.get("step").asLong()).isPositive();

        topics.send(world.events().subList(PART, 2 * PART));
        topics.flush();
        job.awaitAccepted(world.users().size() + 2L * PART);
        awaitProfiles(job, topics, "mvke", clickers(world, 1));
        savepoint = job.suspend();
      }
      CommandRun unheard = promote(topics, "mvke", "1s");
      assertThat(unheard.code()).isEqualTo(1);
      assertThat(unheard.err())
          .contains("--timeout: nothing was heard of mvke for 1 s. Is the job running");
      TagstreamConfig more =
          topics.configWith("learner.models: [ple, two-tower, mvke+gamma-off, mvke]");
      int before = profiles(topics).size();
      topics.send(world.events().subList(2 * PART, 3 * PART));
      topics.flush();
      try (RunningJob job =
          RunningJob.onKafka(
              more, folder.resolve("more"), RunningJob.from(savepoint), environment -> {})) {
        job.awaitAccepted(world.size());
        for (LearnerConfig model : more.models()) {
          awaitMetrics(job, topics, model.name());
          // What is in the topic may be of the job before.
          job.await(
              "steps of " + model.name(),
              () -> job.metric(InProcessMetrics.ofModel(model, "steps")) > 0);
        }
        savepoint = job.suspend();
      }
      assertThat(modelsOf(topics)).containsExactlyInAnyOrder("two-tower", "mvke");
      assertNobodyGoesBack(topics, "mvke", "two-tower");
      assertThat(profiles(topics)).as("profiles of the restored job").hasSizeGreaterThan(before);
      aModelThatIsTakenOutIsSucceeded(topics, savepoint);
    }
  }

  private void aModelThatIsTakenOutIsSucceeded(EventTopics topics, String savepoint)
      throws Exception {
    Configuration options = RunningJob.from(savepoint);
    options.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
    TagstreamConfig fewer = topics.configWith("learner.models: [two-tower, ple]");
    try (RunningJob job =
        RunningJob.onKafka(fewer, folder.resolve("fewer"), options, environment -> {})) {
      String champion = InProcessMetrics.ofModel(fewer.learner(), "champion");
      job.await("two-tower to follow mvke", () -> job.metric(champion) == 1);
      assertThat(job.metric(InProcessMetrics.ofModel(fewer.learner(), "steps"))).isPositive();
      job.drain();
    }
  }

  /** None of these may change anything or stop the job. */
  private static void sendWhatIsNoPromotion(EventTopics topics) {
    String name = topics.config().topics().name(Topic.MODEL_PROMOTIONS);
    byte[] unknown = EventTopics.encode(new ModelPromotion("dtn", 1L));
    topics.send(new ProducerRecord<>(name, null));
    topics.send(new ProducerRecord<>(name, new byte[] {(byte) 0xc3, 1, 2, 3}));
    topics.send(new ProducerRecord<>(name, unknown));
    topics.flush();
  }

  private CommandRun promote(EventTopics topics, String model, String limit) throws Exception {
    Path file = folder.resolve("tagstream.yaml");
    Files.writeString(file, "learner.models: [two-tower, mvke]\n");
    return CommandRun.of(
        List.of(
            "--json",
            "promote",
            model,
            "--config",
            file.toString(),
            "--bootstrap-servers",
            topics.config().kafka().bootstrapServers(),
            "--timeout",
            limit));
  }

  /** Users with a click in a part of the world. */
  private static Set<String> clickers(World world, int part) {
    return world.events().subList(part * PART, (part + 1) * PART).stream()
        .filter(event -> event.record() instanceof Click)
        .map(event -> ((Click) event.record()).getUserId())
        .collect(Collectors.toSet());
  }

  private static List<UserTagProfile> profiles(EventTopics topics) throws Exception {
    return topics.read(Topic.USER_TAG_PROFILES, UserTagProfile.class);
  }

  private static String modelOf(UserTagProfile profile) {
    String version = profile.getModelVersion();
    return version.substring(0, version.indexOf('@'));
  }

  private static Set<String> modelsOf(EventTopics topics) throws Exception {
    return profiles(topics).stream().map(PromotionITCase::modelOf).collect(Collectors.toSet());
  }

  private static void awaitProfiles(
      RunningJob job, EventTopics topics, String model, Set<String> users) throws Exception {
    job.await(
        "profiles of " + users.size() + " users by " + model,
        () ->
            profiles(topics).stream()
                .filter(profile -> modelOf(profile).equals(model))
                .map(UserTagProfile::getUserId)
                .collect(Collectors.toSet())
                .containsAll(users));
  }

  private static void awaitMetrics(RunningJob job, EventTopics topics, String model)
      throws Exception {
    job.await(
        "metrics of " + model,
        () ->
            topics.read(Topic.MODEL_METRICS, ModelMetrics.class).stream()
                .anyMatch(said -> said.getModel().equals(model) && said.getSamplesTrained() > 0));
  }

  /** A user's profiles lie in one partition, in their order. */
  private static void assertNobodyGoesBack(EventTopics topics, String... newestFirst)
      throws Exception {
    List<String> order = new ArrayList<>(Arrays.asList(newestFirst));
    Map<String, Integer> reached = new HashMap<>();
    for (UserTagProfile profile : profiles(topics)) {
      int now = order.indexOf(modelOf(profile));
      Integer before = reached.put(profile.getUserId(), now);
      assertThat(before == null || now <= before).as("%s", profile).isTrue();
    }
  }
}
