package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagProfile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * JSON with the user's own names, mapped by configuration alone, becomes profiles; what cannot be
 * mapped is found among the dead letters, and can be sent again.
 */
class ForeignEventsITCase {

  private static final int EVENTS = 3_000;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ForeignJson SHAPE = new ForeignJson();

  @Test
  void foreignEventsBecomeProfiles(@TempDir Path folder) throws Exception {
    World world = World.of(13, 30, EVENTS);
    try (EventTopics topics =
        EventTopics.start(folder, "pipeline.restart-attempts: 0", new JsonWire(SHAPE).settings())) {
      for (WorldEvent event : world.users()) {
        send(topics, event);
      }
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

  private static void send(EventTopics topics, WorldEvent event) throws JsonProcessingException {
    topics.send(
        record(topics, event.topic(), event.key(), SHAPE.tree(event.topic(), event.record())));
  }

  private static ProducerRecord<byte[], byte[]> record(
      EventTopics topics, Topic topic, String key, Object value) throws JsonProcessingException {
    return new ProducerRecord<>(
        topics.config().topics().name(topic),
        key.getBytes(StandardCharsets.UTF_8),
        JSON.writeValueAsBytes(value));
  }
}
