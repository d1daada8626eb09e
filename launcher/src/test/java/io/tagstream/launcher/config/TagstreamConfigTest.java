package io.tagstream.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tagstream.launcher.config.KafkaOptions.Delivery;
import io.tagstream.schemas.Task;
import io.tagstream.schemas.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TagstreamConfigTest {

  @TempDir Path folder;

  private static List<String> mistakes(String yaml) {
    InvalidConfigurationException refused =
        catchThrowableOfType(
            InvalidConfigurationException.class, () -> TagstreamConfig.parse("test", yaml));
    assertThat(refused).as("refused").isNotNull();
    return refused.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void emptyFileGivesTheDefaults() throws Exception {
    assertThat(TagstreamConfig.parse("test", "")).isEqualTo(TagstreamConfig.defaults());
    assertThat(TagstreamConfig.parse("test", "# nothing\n")).isEqualTo(TagstreamConfig.defaults());
  }

  @Test
  void nestedAndDottedKeysSayTheSame() throws Exception {
    TagstreamConfig nested =
        TagstreamConfig.parse("test", "kafka:\n  delivery: exactly-once\n  group-id: shop\n");
    assertThat(TagstreamConfig.parse("test", "kafka.delivery: exactly-once\nkafka.group-id: shop"))
        .isEqualTo(nested);
    assertThat(nested.kafka().delivery()).isEqualTo(Delivery.EXACTLY_ONCE);
    assertThat(nested.kafka().groupId()).isEqualTo("shop");
  }

  @Test
  void tasksKeepTheirOrder() throws Exception {
    assertThat(
            TagstreamConfig.parse(
                    "test", "tasks: {like: 'conversion(like, follow)', click: click, view: stay}")
                .tasks())
        .containsExactly(
            Task.conversion("like", Set.of("like", "follow")),
            Task.click("click"),
            Task.stay("view"));
  }

  @Test
  void everyMistakeIsReportedAtOnce() {
    assertThat(
            mistakes(
                """
                kafka:
                  bootstrap-server: localhost:9092
                  delivery: sometimes
                  transaction-timeout: soon
                  properties:
                    group.id: mine
                topics:
                  clicks: "my clicks"
                  stays: conversions
                  partitions: 0
                tasks:
                  like: thumbs
                pipeline:
                  parallelism: two
                  restart-attempts: -1
                state.incremental: maybe
                checkpoints:
                  interval: [1, 2]
                  timeout:
                nonsense-without-any-neighbour-at-all: 1
                """))
        .containsExactlyInAnyOrder(
            "checkpoints.timeout: has no value; remove the line to get the default",
            "kafka.bootstrap-server: is no setting; did you mean kafka.bootstrap-servers?",
            "kafka.delivery: sometimes - must be one of at-least-once | exactly-once",
            "kafka.transaction-timeout: soon - must be a duration such as 10 min",
            "topics.clicks: my clicks - must be a topic name: letters, digits, '.', '_' and '-', at"
                + " most 249",
            "topics.partitions: 0 - must be between 1 and 10000",
            "pipeline.parallelism: two - must be a whole number such as 4",
            "pipeline.restart-attempts: -1 - must be at least 0",
            "state.incremental: maybe - must be true or false",
            "checkpoints.interval: [1, 2] - must be a duration such as 10 min",
            "nonsense-without-any-neighbour-at-all: is no setting; `tagstream validate --reference`"
                + " lists all",
            "kafka.properties: group.id - is set by the job; use the settings of kafka.*",
            "topics.conversions: conversions - is the name of topics.stays as well",
            "tasks.like: thumbs - must be click, stay or conversion(type, ...)");
  }

  @Test
  void textThatIsNoYamlNamesTheLine() {
    assertThat(mistakes("kafka: {group-id: a\npipeline: [").get(0)).contains("is no YAML (line 2)");
    assertThat(mistakes("just words")).containsExactly("must hold settings as 'key: value' lines");
    assertThat(mistakes("state: {backend: rocksdb, backend: hashmap}").get(0))
        .contains("is no YAML");
    assertThat(mistakes("kafka.group-id: a\nkafka: {group-id: b}"))
        .containsExactly("kafka.group-id: stands twice; keep one");
  }

  @Test
  void messageCountsTheMistakesAndNamesTheFile() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.yaml"), "a: 1\nb: 2\n");
    assertThat(
            catchThrowableOfType(
                InvalidConfigurationException.class, () -> TagstreamConfig.load(file)))
        .hasMessageStartingWith(file + ": 2 mistakes\n  a: is no setting");
    assertThat(
            catchThrowableOfType(
                InvalidConfigurationException.class,
                () -> TagstreamConfig.load(folder.resolve("none.yaml"))))
        .hasMessageContaining("there is no such file");
  }

  @Test
  void valuesReachTheirPlaces() throws Exception {
    TagstreamConfig config =
        TagstreamConfig.parse(
            "test",
            """
            topics.clicks: shop.clicks
            pipeline: {parallelism: 3, idleness: 500 ms, flink: {web.timeout: 5 s}}
            state: {backend: hashmap, managed-memory: 64 mb}
            checkpoints.interval: 1 s
            """);
    assertThat(config.topics().name(Topic.CLICKS)).isEqualTo("shop.clicks");
    assertThat(config.topics().name(Topic.STAYS)).isEqualTo("stays");
    assertThat(config.pipeline().parallelism()).isEqualTo(3);
    assertThat(config.pipeline().idleness()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.pipeline().flink()).containsEntry("web.timeout", "5 s");
    assertThat(config.state().backend()).isEqualTo(StateOptions.Backend.HASHMAP);
    assertThat(config.state().managedMemoryBytes()).isEqualTo(64L << 20);
    assertThat(config.state().checkpointInterval()).isEqualTo(Duration.ofSeconds(1));
  }
}
