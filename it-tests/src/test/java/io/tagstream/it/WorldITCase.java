package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.broker.EmbeddedBroker;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A planted world on somebody's Kafka: its settings, its past, and how it goes on. */
class WorldITCase {

  @Test
  void goesOnBehindWhatIsThere(@TempDir Path folder) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"));
        EventTopics topics = EventTopics.madeByOthers(broker)) {
      Path file = folder.resolve("tagstream.yaml");
      List<String> settings = new ArrayList<>(CommandRun.lines(List.of("world", "--settings")));
      settings.add("kafka.bootstrap-servers: " + broker.bootstrapServers());
      settings.add("topics.partitions: 2");
      Files.write(file, settings);
      String config = "--config=" + file;
      CommandRun.lines(List.of("validate", config));
      CommandRun.lines(List.of("topics", "create", config));

      List<String> world =
          List.of("world", config, "--users=20", "--history=20m", "--rate=20", "--duration=3s");
      CommandRun.lines(world);
      List<Impression> first = topics.read(Topic.IMPRESSIONS, Impression.class);
      long now = System.currentTimeMillis();
      assertThat(first)
          .hasSizeGreaterThan(1_000)
          .allMatch(shown -> shown.getEventTimeMillis() <= now)
          .anyMatch(shown -> shown.getEventTimeMillis() < now - 1_000_000);

      CommandRun.lines(world);
      List<Impression> both = topics.read(Topic.IMPRESSIONS, Impression.class);
      Set<String> ids = new HashSet<>();
      assertThat(both)
          .as("a few seconds more, and nothing of the past again")
          .hasSizeBetween(first.size() + 1, first.size() + 1_000)
          .allMatch(shown -> ids.add(shown.getImpressionId()));

      CommandRun.lines(
          List.of("world", config, "--users=20", "--history=20m", "--rate=0.001", "--duration=1s"));
      assertThat(topics.read(Topic.IMPRESSIONS, Impression.class))
          .as("who stops it while it waits for the next event does not get that event early")
          .hasSameSizeAs(both);
    }
  }
}
