package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagstream.it.monitoring.MonitoredJob;
import io.tagstream.it.monitoring.PrometheusProcess;
import io.tagstream.launcher.broker.EmbeddedBroker;
import io.tagstream.launcher.broker.LoopbackPorts;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagProfile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way of somebody with a Kafka of his own, empty topics, his own JSON and Prometheus: the
 * commands of the README, a job in a process of its own, profiles out, dashboards that show
 * something. What cannot be mapped is found among the dead letters, and can be sent again.
 */
@EnabledOnOs(OS.LINUX)
class ForeignEventsITCase {

  private static final int EVENTS = 3_000;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ForeignJson SHAPE = new ForeignJson();

  /** One job has no need to ask whose features a sample was made with. */
  private static final String OF_TWO_JOBS =
      "flink_taskmanager_job_task_operator_tagstream_input_ofOtherFeatures";

  private static final String PANEL_OF_TWO_JOBS =
      "dashboards/operations.json, panel 18 (Made with other features)";

  @Test
  void foreignEventsBecomeProfiles(@TempDir Path folder) throws Exception {
    int metricsPort = LoopbackPorts.free();
    String[] settings = {
      "pipeline.restart-attempts: 0",
      new JsonWire(SHAPE).settings(),
      """
      pipeline.flink:
        metrics.reporters: prom
        metrics.reporter.prom.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory
        metrics.reporter.prom.port: '%d'
      """
          .formatted(metricsPort)
    };
    World world = World.of(13, 30, EVENTS);
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"));
        EventTopics topics = EventTopics.madeByOthers(broker, settings);
        PrometheusProcess prometheus =
            PrometheusProcess.start(folder.resolve("prometheus"), List.of(metricsPort))) {
      Path file = folder.resolve("tagstream.yaml");
      Files.writeString(file, topics.yaml() + String.join("\n", settings));
      CommandRun.lines(List.of("topics", "create", "--config", file.toString()));
      try (LauncherProcess job =
          LauncherProcess.start(
              folder.resolve("run"), List.of("run", "--json", "--config", file.toString()))) {
        int half = EVENTS / 2;
        send(topics, world.users());
        send(topics, world.events().subList(0, half));
        MonitoredJob.awaitLooks(prometheus); // a rate needs a look before what moves it
        send(topics, world.events().subList(half, EVENTS));
        topics.send(record(topics, Topic.CLICKS, "nobody", Map.of("request", "r", "at", "now")));
        topics.flush();
        Set<String> clicked =
            world.events().stream()
                .filter(event -> event.record() instanceof Click)
                .map(WorldEvent::key)
                .collect(Collectors.toSet());
        await(job, "a profile of every user who clicked", () -> profiled(topics, clicked));
        String user = clicked.iterator().next();
        assertThat(profile(file, user).at("/profile/tasks/0/tags/0/tag").asText()).isNotEmpty();
        await(job, "the one that cannot be mapped", () -> letters(topics).size() == 1);
        assertThat(letters(topics).get(0).getReason()).isEqualTo(DeadLetterReason.UNMAPPABLE);
        assertThat(letters(topics).get(0).getDetail())
            .contains("userId: nothing at who - is required");
        lettersAreCountedShownAndSentAgain(topics);
        await(job, "it is judged again", () -> letters(topics).size() == 2);
        MonitoredJob.await(
            prometheus,
            new MonitoredJob.Expected(
                List.of(), Set.of(OF_TWO_JOBS), Set.of(PANEL_OF_TWO_JOBS), Set.of()));
        job.interrupt();
      }
      JsonNode again = run(topics, "resubmit", "--dry-run");
      assertThat(again.path("sent").path("clicks").asInt()).as("the first letter").isEqualTo(1);
      assertThat(again.path("sentBefore").asInt()).as("the second").isEqualTo(1);
    }
  }

  private static void await(LauncherProcess job, String what, Eventually.Condition condition)
      throws Exception {
    Eventually.await(what, LIMIT, () -> job.runs() && condition.holds());
  }

  private static boolean profiled(EventTopics topics, Set<String> users) throws Exception {
    return topics.read(Topic.USER_TAG_PROFILES, UserTagProfile.class).stream()
        .map(UserTagProfile::getUserId)
        .collect(Collectors.toSet())
        .containsAll(users);
  }

  /** What the command line shows of a user. */
  private static JsonNode profile(Path file, String user) throws Exception {
    List<String> lines =
        CommandRun.lines(
            List.of("--json", "profiles", "--config", file.toString(), "--user", user));
    return JSON.readTree(lines.get(lines.size() - 1));
  }

  private static void lettersAreCountedShownAndSentAgain(EventTopics topics) throws Exception {
    JsonNode count = run(topics, "count");
    assertThat(count.path("byReason").path("UNMAPPABLE").path("clicks").asInt()).isEqualTo(1);
    JsonNode listed = run(topics, "list", "--reason", "unmappable", "--topic", "clicks");
    JsonNode shown = run(topics, "show", "--at", listed.path("at").asText());
    assertThat(JSON.readTree(shown.path("value").asText()).path("request").asText()).isEqualTo("r");
    assertThat(shown.path("resubmitted").asBoolean()).isFalse();
    assertThat(run(topics, "resubmit").path("sent").path("clicks").asInt()).isEqualTo(1);
  }

  /** The command's last line of JSON. */
  private static JsonNode run(EventTopics topics, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "--json",
                "dead-letters",
                "--bootstrap-servers",
                topics.config().kafka().bootstrapServers()));
    command.addAll(List.of(arguments));
    List<String> lines = CommandRun.lines(command);
    return JSON.readTree(lines.get(lines.size() - 1));
  }

  private static List<DeadLetter> letters(EventTopics topics) throws Exception {
    return topics.read(Topic.DEAD_LETTERS, DeadLetter.class);
  }

  private static void send(EventTopics topics, List<WorldEvent> events)
      throws JsonProcessingException {
    for (WorldEvent event : events) {
      Object tree = SHAPE.tree(event.topic(), event.record());
      topics.send(record(topics, event.topic(), event.key(), tree));
    }
    topics.flush();
  }

  private static ProducerRecord<byte[], byte[]> record(
      EventTopics topics, Topic topic, String key, Object value) throws JsonProcessingException {
    return new ProducerRecord<>(
        topics.config().topics().name(topic),
        key.getBytes(StandardCharsets.UTF_8),
        JSON.writeValueAsBytes(value));
  }
}
