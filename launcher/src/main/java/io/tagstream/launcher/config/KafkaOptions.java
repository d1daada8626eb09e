package io.tagstream.launcher.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** Section {@code kafka}: where records come from and how they are written. */
public final class KafkaOptions {

  /** Where a job without a checkpoint begins to read. */
  public enum StartingOffsets {
    EARLIEST,
    LATEST,
    /** The consumer group's committed offsets; earliest where there are none. */
    GROUP
  }

  /** What a failure may do to records written to Kafka. */
  public enum Delivery {
    /** Repeats may occur; profiles carry versions and digests that tell. */
    AT_LEAST_ONCE,
    /** Transactions: nothing is visible before its checkpoint completes. */
    EXACTLY_ONCE
  }

  static final Setting<String> BOOTSTRAP_SERVERS =
      Setting.text(
          "kafka.bootstrap-servers",
          "localhost:9092",
          "Brokers to connect to first, host:port, separated by commas.",
          Rule.notBlank());
  static final Setting<String> GROUP_ID =
      Setting.text(
          "kafka.group-id",
          "tagstream",
          "Consumer group whose offsets show the job's progress; also the prefix of transactional ids.",
          Rule.notBlank());
  static final Setting<StartingOffsets> STARTING_OFFSETS =
      Setting.choice(
          "kafka.starting-offsets",
          StartingOffsets.class,
          StartingOffsets.EARLIEST,
          "Where a job without a checkpoint begins to read.");
  static final Setting<Delivery> DELIVERY =
      Setting.choice(
          "kafka.delivery",
          Delivery.class,
          Delivery.AT_LEAST_ONCE,
          "Guarantee of what is written. exactly-once holds profiles back until their checkpoint"
              + " completes.");
  static final Setting<Duration> TRANSACTION_TIMEOUT =
      Setting.duration(
          "kafka.transaction-timeout",
          Duration.ofMinutes(10),
          "exactly-once: after how long the broker gives an unfinished transaction up; above the"
              + " checkpoint interval, not above the broker's transaction.max.timeout.ms.",
          Rule.positiveDuration());
  static final Setting<Map<String, String>> PROPERTIES =
      Setting.textMap(
          "kafka.properties",
          Map.of(),
          "Further client properties (security.protocol, sasl.* ...), given to every client as they"
              + " stand.");

  /** Client properties that the job sets itself. */
  private static final Set<String> OWN =
      Set.of("bootstrap.servers", "group.id", "transactional.id", "enable.auto.commit");

  private KafkaOptions() {}

  static List<Setting<?>> all() {
    return List.of(
        BOOTSTRAP_SERVERS, GROUP_ID, STARTING_OFFSETS, DELIVERY, TRANSACTION_TIMEOUT, PROPERTIES);
  }

  static KafkaConfig read(Settings settings) {
    Map<String, String> properties = settings.get(PROPERTIES);
    properties.keySet().stream()
        .filter(OWN::contains)
        .forEach(
            name ->
                settings.refuse(
                    PROPERTIES.key(), name + " - is set by the job; use the settings of kafka.*"));
    return new KafkaConfig(
        settings.get(BOOTSTRAP_SERVERS),
        settings.get(GROUP_ID),
        settings.get(STARTING_OFFSETS),
        settings.get(DELIVERY),
        settings.get(TRANSACTION_TIMEOUT),
        Map.copyOf(properties));
  }

  /**
   * The values of the section.
   *
   * @param bootstrapServers brokers to connect to first
   * @param groupId consumer group and prefix of transactional ids
   * @param startingOffsets where a job without a checkpoint begins
   * @param delivery guarantee of what is written
   * @param transactionTimeout when the broker gives up an unfinished transaction
   * @param properties further client properties
   */
  public record KafkaConfig(
      String bootstrapServers,
      String groupId,
      StartingOffsets startingOffsets,
      Delivery delivery,
      Duration transactionTimeout,
      Map<String, String> properties)
      implements Serializable {

    /** What every Kafka client of this deployment is given. */
    public Map<String, Object> clientProperties() {
      Map<String, Object> client = new HashMap<>(properties);
      client.put("bootstrap.servers", bootstrapServers);
      return client;
    }

    /** The same in the form that Flink's connector takes. */
    public Properties connectorProperties() {
      Properties connector = new Properties();
      connector.putAll(clientProperties());
      return connector;
    }

    /** The same for a client that somebody waits for: it gives up after 15 seconds. */
    public Map<String, Object> interactiveProperties() {
      Map<String, Object> client = clientProperties();
      client.putIfAbsent("default.api.timeout.ms", "15000");
      client.putIfAbsent("request.timeout.ms", "10000");
      return client;
    }
  }
}
