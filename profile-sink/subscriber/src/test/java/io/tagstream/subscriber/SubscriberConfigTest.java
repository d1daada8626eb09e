package io.tagstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubscriberConfigTest {

  private static ProfileSubscriberBuilder builder() {
    return ProfileSubscriber.builder().bootstrapServers("b:9092").directory(Path.of("folder"));
  }

  private static void refused(ProfileSubscriberBuilder builder, String message) {
    assertThatThrownBy(builder::config)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void defaults() {
    SubscriberConfig config = builder().config();
    assertThat(config.topic()).isEqualTo("user-tag-profiles");
    assertThat(config.startFrom()).isEqualTo(StartFrom.BEGINNING);
    assertThat(config.listener()).isNull();
    assertThat(config.lookups()).isNull();
    assertThat(config.topicCheck()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.cacheBytes()).isEqualTo(16 << 20);
    assertThat(config.writeBufferBytes()).isEqualTo(8 << 20);
    assertThat(config.consumerProperties())
        .containsEntry("bootstrap.servers", "b:9092")
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("allow.auto.create.topics", "false")
        .containsEntry("auto.offset.reset", "none")
        .containsEntry("default.api.timeout.ms", "15000")
        .doesNotContainKey("group.id");
  }

  @Test
  void errorsNameSettingValueAndRule() {
    refused(ProfileSubscriber.builder(), "bootstrapServers: not set - must name a broker");
    refused(ProfileSubscriber.builder().bootstrapServers("b:1"), "directory: not set - must be");
    refused(builder().bootstrapServers(" "), "bootstrapServers:   - must name a broker");
    refused(builder().topic(""), "topic:  - must be a topic's name");
    refused(
        builder().clientProperties(Map.of("group.id", "g", "client.id", "c")),
        "clientProperties: [group.id] - are set by the subscriber itself");
    refused(builder().topicCheck(Duration.ZERO), "topicCheck: PT0S - must be at least PT0.01S");
    refused(builder().cacheBytes(5), "cacheBytes: 5 - must be at least 1048576");
    refused(builder().writeBufferBytes(5), "writeBufferBytes: 5 - must be at least 1048576");
    refused(
        builder().lookups(InetSocketAddress.createUnresolved("nowhere", 1)),
        "must be an address of this machine");
    assertThatThrownBy(() -> builder().lookups(70_000))
        .hasMessage("lookups: 70000 - must be a port, 0 to 65535");
  }

  @Test
  void clientPropertiesGoToTheClients() {
    SubscriberConfig config =
        builder().clientProperties(Map.of("request.timeout.ms", "700", "client.id", "c")).config();
    assertThat(config.adminProperties())
        .containsEntry("request.timeout.ms", "700")
        .containsEntry("client.id", "c");
  }
}
