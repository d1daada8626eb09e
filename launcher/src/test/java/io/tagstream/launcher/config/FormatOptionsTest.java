package io.tagstream.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.ingestion.decode.format.TopicFormat;
import io.tagstream.ingestion.decode.format.TopicFormat.Encoding;
import io.tagstream.ingestion.decode.mapping.FieldRule;
import io.tagstream.schemas.Topic;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class FormatOptionsTest {

  @Test
  void withoutSettingsEveryTopicHoldsAvroSingleObjects() throws Exception {
    TagstreamConfig config = TagstreamConfig.parse("test", "");
    for (Topic topic : Topic.inputs()) {
      assertThat(config.formats().of(topic)).isEqualTo(TopicFormat.canonical());
    }
  }

  @Test
  void rulesAreReadAsTheyAreWritten() throws Exception {
    TagstreamConfig config =
        TagstreamConfig.parse(
            "test",
            """
            formats: {impressions: json, clicks: avro-registry}
            schema-registry: {url: "http://registry:8081", patience: 5 s}
            mapping:
              impressions:
                userId: uid
                eventTimeMillis: {path: ts, format: "yyyy-MM-dd HH:mm:ss", zone: Europe/Berlin}
                entity: {path: kind, values: {1: video, 2: live}, default: video}
                tags: {path: labels, separator: '|'}
                context: {device: client.device, os: {path: client.os, default: none}}
                position: {path: rank, scale: 1}
            """);
    TopicFormat format = config.formats().of(Topic.IMPRESSIONS);
    assertThat(format.encoding()).isEqualTo(Encoding.JSON);
    Map<String, FieldRule> rules = format.mapping().rules();
    assertThat(rules.get("userId")).isEqualTo(FieldRule.at("uid"));
    assertThat(rules.get("eventTimeMillis").zone()).isEqualTo("Europe/Berlin");
    assertThat(rules.get("entity").values()).isEqualTo(Map.of("1", "video", "2", "live"));
    assertThat(rules.get("entity").fallback()).isEqualTo("video");
    assertThat(rules.get("tags").separator()).isEqualTo("|");
    assertThat(rules.get("context").entries().keySet()).containsExactly("device", "os");
    assertThat(rules.get("position").scale()).isEqualTo(1.0);
    assertThat(config.formats().of(Topic.CLICKS).encoding()).isEqualTo(Encoding.AVRO_REGISTRY);
    assertThat(config.formats().registry().url()).isEqualTo("http://registry:8081");
    assertThat(config.formats().registry().patience()).hasSeconds(5);
  }

  @Test
  void everyMistakeIsToldAtOnce() {
    assertThatThrownBy(
            () ->
                TagstreamConfig.parse(
                    "test",
                    """
                    formats: {clicks: json, stays: avro-registry, users: protobuf}
                    mapping:
                      clicks:
                        user: uid
                        impressionId: {path: a..b}
                        eventTimeMillis: {path: ts, formt: iso-8601}
                        userId: {path: u, values: 7}
                      stays: {stayMillis: {path: s, scale: fast}}
                      conversions: {userId: uid}
                    """))
        .isInstanceOf(InvalidConfigurationException.class)
        .extracting(e -> ((InvalidConfigurationException) e).problems())
        .asInstanceOf(InstanceOfAssertFactories.list(Problem.class))
        .extracting(Problem::toString)
        .satisfiesExactlyInAnyOrder(
            starts("formats.users: protobuf - must be one of avro | avro-registry | json"),
            starts("mapping.clicks.user: is no field of Click, which has [userId"),
            starts("mapping.clicks.impressionId.path: a..b - must be names"),
            starts("mapping.clicks.eventTimeMillis.formt: is no setting of a rule; there are ["),
            starts("mapping.clicks.userId.values: 7 - must be a map"),
            starts("mapping.stays.stayMillis.scale: fast - must be a number"),
            starts("mapping.conversions: [userId] - needs formats.conversions: json"),
            starts("schema-registry.url: must be set, because formats.stays is avro-registry"));
  }

  private static org.assertj.core.api.ThrowingConsumer<String> starts(String prefix) {
    return problem -> assertThat(problem).startsWith(prefix);
  }
}
