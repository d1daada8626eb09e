package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagstream.launcher.cli.Tagstream;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.InProcessMetrics;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelPromotion;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagProfile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Several models on one stream: one publishes, and a command has another do so. */
class PromotionITCase {

  private static final int PART = 1_000;

  @TempDir private Path folder;

  /** What a command said, and how it ended. */
  private record Said(int code, String out, String err) {}

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
        Said refused = promote(topics, "dtn");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
            .contains("dtn - is none of the configured models [two-tower, mvke]");
        Said said = promote(topics, "mvke");
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
          assertThat(job.metric(InProcessMetrics.ofModel(model, "steps"))).isPositive();
        }
        job.drain();
      }
      assertThat(modelsOf(topics)).containsExactlyInAnyOrder("two-tower", "mvke");
      assertNobodyGoesBack(topics, "mvke", "two-tower");
      assertThat(profiles(topics)).as("profiles of the restored job").hasSizeGreaterThan(before);
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

  private Said promote(EventTopics topics, String model) throws Exception {
    Path file = folder.resolve("tagstream.yaml");
    Files.writeString(file, "learner.models: [two-tower, mvke]\n");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Tagstream.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int code =
        line.execute(
            "--json",
            "promote",
            model,
            "--config",
            file.toString(),
            "--bootstrap-servers",
            topics.config().kafka().bootstrapServers(),
            "--timeout",
            "60s");
    return new Said(code, out.toString(), err.toString());
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
