package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagstream.launcher.cli.Tagstream;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagProfile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * JSON with the user's own names, mapped by configuration alone, becomes profiles; what cannot be
 * mapped is found among the dead letters, and can be sent again.
 */
class ForeignEventsITCase {

  private static final int EVENTS = 3_000;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SETTINGS =
      """
      pipeline.restart-attempts: 0
      formats: {impressions: json, clicks: json, stays: json}
      mapping:
        impressions:
          userId: viewer.id
          impressionId: request
          itemId: content.id
          eventTimeMillis: {path: at, format: iso-8601}
          entity: {path: content.kind, values: {1: item}}
          tags: {path: content.labels, separator: ';'}
          context: {device: client.device}
          privileged: {category: content.category, creator: content.author}
        clicks: {userId: who, impressionId: request, eventTimeMillis: {path: at, format: iso-8601}}
        stays:
          userId: who
          impressionId: request
          eventTimeMillis: {path: at, format: iso-8601}
          stayMillis: {path: seconds, scale: 1000}
      """;

  @Test
  void foreignEventsBecomeProfiles(@TempDir Path folder) throws Exception {
    World world = World.of(13, 30, EVENTS);
    try (EventTopics topics = EventTopics.start(folder, SETTINGS)) {
      topics.send(world.users());
      for (WorldEvent event : world.events()) {
        send(topics, event);
      }
      topics.send(record(topics, Topic.CLICKS, "nobody", Map.of("request", "r", "at", "now")));
      topics.flush();
      try (RunningJob job =
          RunningJob.onKafka(topics.config(), folder.resolve("job"), environment -> {})) {
        job.awaitAccepted(world.size() + 1);
        Set<String> clicked =
            world.events().stream()
                .filter(event -> event.record() instanceof Click)
                .map(WorldEvent::key)
                .collect(Collectors.toSet());
        job.await(
            "a profile of every user who clicked",
            () ->
                topics.read(Topic.USER_TAG_PROFILES, UserTagProfile.class).stream()
                    .map(UserTagProfile::getUserId)
                    .collect(Collectors.toSet())
                    .containsAll(clicked));
        job.await("the one that cannot be mapped", () -> letters(topics).size() == 1);
        assertThat(letters(topics).get(0).getReason()).isEqualTo(DeadLetterReason.UNMAPPABLE);
        assertThat(letters(topics).get(0).getDetail())
            .contains("userId: nothing at who - is required");
        lettersAreCountedShownAndSentAgain(topics);
        job.await("it is judged again", () -> letters(topics).size() == 2);
        job.drain();
      }
      JsonNode again = run(topics, "resubmit", "--dry-run");
      assertThat(again.path("sent").path("clicks").asInt()).as("the first letter").isEqualTo(1);
      assertThat(again.path("sentBefore").asInt()).as("the second").isEqualTo(1);
    }
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
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Tagstream.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    List<String> command =
        new ArrayList<>(
            List.of(
                "--json",
                "dead-letters",
                "--bootstrap-servers",
                topics.config().kafka().bootstrapServers()));
    command.addAll(List.of(arguments));
    assertThat(line.execute(command.toArray(String[]::new))).as(err.toString()).isZero();
    List<String> lines = out.toString().lines().toList();
    return JSON.readTree(lines.get(lines.size() - 1));
  }

  private static List<DeadLetter> letters(EventTopics topics) throws Exception {
    return topics.read(Topic.DEAD_LETTERS, DeadLetter.class);
  }

  private static void send(EventTopics topics, WorldEvent event) throws JsonProcessingException {
    if (event.record() instanceof Impression shown) {
      Map<String, String> privileged = shown.getPrivileged();
      topics.send(
          record(
              topics,
              Topic.IMPRESSIONS,
              event.key(),
              Map.of(
                  "viewer", Map.of("id", shown.getUserId()),
                  "request", shown.getImpressionId(),
                  "at", Instant.ofEpochMilli(shown.getEventTimeMillis()).toString(),
                  "client", Map.of("device", shown.getContext().get("device")),
                  "content",
                      Map.of(
                          "id", shown.getItemId(),
                          "kind", 1,
                          "labels", String.join(";", shown.getTags()),
                          "category", privileged.get("category"),
                          "author", privileged.get("creator")))));
    } else if (event.record() instanceof Click click) {
      topics.send(
          record(
              topics,
              Topic.CLICKS,
              event.key(),
              engagement(click.getUserId(), click.getImpressionId(), click.getEventTimeMillis())));
    } else if (event.record() instanceof Stay stay) {
      Map<String, Object> foreign =
          engagement(stay.getUserId(), stay.getImpressionId(), stay.getEventTimeMillis());
      foreign.put("seconds", stay.getStayMillis() / 1000.0);
      topics.send(record(topics, Topic.STAYS, event.key(), foreign));
    } else {
      topics.send(List.of(event));
    }
  }

  private static Map<String, Object> engagement(
      String userId, String impressionId, long eventTimeMillis) {
    return new HashMap<>(
        Map.of(
            "who", userId,
            "request", impressionId,
            "at", Instant.ofEpochMilli(eventTimeMillis).toString()));
  }

  private static ProducerRecord<byte[], byte[]> record(
      EventTopics topics, Topic topic, String key, Map<String, ?> value)
      throws JsonProcessingException {
    return new ProducerRecord<>(
        topics.config().topics().name(topic),
        key.getBytes(StandardCharsets.UTF_8),
        JSON.writeValueAsBytes(value));
  }
}
