package io.tagstream.subscriber;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a subscriber, checked; {@link ProfileSubscriberBuilder} says what each means.
 *
 * @param cacheBytes RocksDB's block cache
 * @param writeBufferBytes RocksDB's write buffer
 */
record SubscriberConfig(
    String bootstrapServers,
    Map<String, String> clientProperties,
    String topic,
    Path directory,
    StartFrom startFrom,
    @Nullable ProfileListener listener,
    @Nullable InetSocketAddress lookups,
    Duration topicCheck,
    long cacheBytes,
    long writeBufferBytes) {

  private static final Duration SHORTEST_CHECK = Duration.ofMillis(10);
  private static final long LEAST_BYTES = 1 << 20;

  /** What follows from the other settings, or would break a promise. */
  private static final Set<String> OWN =
      Set.of(
          "bootstrap.servers",
          "group.id",
          "group.instance.id",
          "enable.auto.commit",
          "auto.offset.reset",
          "isolation.level",
          "allow.auto.create.topics",
          "key.deserializer",
          "value.deserializer");

  SubscriberConfig {
    clientProperties = Map.copyOf(clientProperties);
    require(
        !bootstrapServers.isBlank(),
        "bootstrapServers",
        bootstrapServers,
        "must name a broker, host:port");
    Set<String> own = new TreeSet<>(clientProperties.keySet());
    own.retainAll(OWN);
    require(own.isEmpty(), "clientProperties", own, "are set by the subscriber itself");
    require(!topic.isBlank(), "topic", topic, "must be a topic's name");
    require(
        lookups == null || !lookups.isUnresolved(),
        "lookups",
        lookups,
        "must be an address of this machine");
    require(
        topicCheck.compareTo(SHORTEST_CHECK) >= 0,
        "topicCheck",
        topicCheck,
        "must be at least " + SHORTEST_CHECK);
    require(cacheBytes >= LEAST_BYTES, "cacheBytes", cacheBytes, "must be at least " + LEAST_BYTES);
    require(
        writeBufferBytes >= LEAST_BYTES,
        "writeBufferBytes",
        writeBufferBytes,
        "must be at least " + LEAST_BYTES);
  }

  static void require(boolean holds, String setting, @Nullable Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(setting + ": " + value + " - " + rule);
    }
  }

  /** What both Kafka clients are given; somebody waits for the start, so they give up early. */
  Map<String, Object> adminProperties() {
    Map<String, Object> properties = new HashMap<>(clientProperties);
    properties.put("bootstrap.servers", bootstrapServers);
    properties.putIfAbsent("default.api.timeout.ms", "15000");
    properties.putIfAbsent("request.timeout.ms", "10000");
    return properties;
  }

  /** What the consumer is given. */
  Map<String, Object> consumerProperties() {
    Map<String, Object> properties = adminProperties();
    properties.put("enable.auto.commit", "false");
    properties.put("isolation.level", "read_committed");
    properties.put("allow.auto.create.topics", "false");
    // A position that is gone is answered by reading again, which this decides itself.
    properties.put("auto.offset.reset", "none");
    properties.putIfAbsent("max.poll.records", "1000");
    return properties;
  }
}
