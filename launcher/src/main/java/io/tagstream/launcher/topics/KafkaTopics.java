package io.tagstream.launcher.topics;

import io.tagstream.launcher.topics.TopicReport.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates and checks topics through Kafka's admin client. */
public final class KafkaTopics {

  private static final long LIMIT_SECONDS = 30;
  private static final long LOOK_AGAIN_MILLIS = 50;

  private final Admin admin;

  /**
   * Topics of one cluster.
   *
   * @param admin stays the caller's to close
   */
  public KafkaTopics(Admin admin) {
    this.admin = admin;
  }

  /**
   * Compares every topic with what it should look like; changes nothing.
   *
   * @throws IOException when the broker does not answer
   */
  public List<TopicReport> check(List<TopicSpec> wanted) throws IOException, InterruptedException {
    Map<String, TopicSpec> actual = actual(wanted.stream().map(TopicSpec::name).toList());
    List<TopicReport> reports = new ArrayList<>();
    for (TopicSpec spec : wanted) {
      TopicSpec found = actual.get(spec.name());
      List<String> differences = found == null ? List.of() : spec.differences(found);
      Status status =
          found == null ? Status.MISSING : differences.isEmpty() ? Status.OK : Status.DIFFERENT;
      reports.add(new TopicReport(spec.name(), status, differences));
    }
    return reports;
  }

  /**
   * Creates the topics that are missing and compares the others; existing topics stay as they are.
   *
   * @throws IOException when the broker does not answer or refuses a topic
   */
  public List<TopicReport> create(List<TopicSpec> wanted) throws IOException, InterruptedException {
    List<TopicReport> reports = new ArrayList<>();
    Map<String, TopicSpec> byName = new HashMap<>();
    wanted.forEach(spec -> byName.put(spec.name(), spec));
    List<NewTopic> missing = new ArrayList<>();
    for (TopicReport report : check(wanted)) {
      TopicSpec spec = byName.get(report.name());
      if (report.status() == Status.MISSING && spec != null) {
        missing.add(
            new NewTopic(spec.name(), spec.partitions(), (short) spec.replicationFactor())
                .configs(spec.settings()));
        reports.add(new TopicReport(report.name(), Status.CREATED, List.of()));
      } else {
        reports.add(report);
      }
    }
    for (KafkaFuture<Void> each : admin.createTopics(missing).values().values()) {
      try {
        await(each);
      } catch (TopicExistsException e) {
        // Somebody else created it in the meantime, which is as good.
      }
    }
    awaitKnown(missing.stream().map(NewTopic::name).toList());
    return reports;
  }

  /**
   * The largest timestamp of a topic's records, milliseconds since the epoch; -1 where it has none.
   *
   * @throws IOException when the broker does not answer
   */
  public long newestMillis(String topic) throws IOException, InterruptedException {
    Map<TopicPartition, OffsetSpec> newest = new HashMap<>();
    for (TopicDescription found :
        await(admin.describeTopics(List.of(topic)).allTopicNames()).values()) {
      found
          .partitions()
          .forEach(
              partition ->
                  newest.put(
                      new TopicPartition(topic, partition.partition()), OffsetSpec.maxTimestamp()));
    }
    return await(admin.listOffsets(newest).all()).values().stream()
        .mapToLong(ListOffsetsResultInfo::timestamp)
        .max()
        .orElse(-1);
  }

  /** A broker may know of a topic a moment later than the controller that made it. */
  private void awaitKnown(List<String> names) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!describe(names).keySet().containsAll(names)) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            String.format(
                "topics %s - created, and not known after %d s: a broker is away, or DESCRIBE is"
                    + " not allowed",
                names, LIMIT_SECONDS));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
  }

  /** The topics of these names that there are. */
  private Map<String, TopicDescription> describe(List<String> names)
      throws IOException, InterruptedException {
    Map<String, TopicDescription> descriptions = new TreeMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> each :
        admin.describeTopics(names).topicNameValues().entrySet()) {
      try {
        descriptions.put(each.getKey(), await(each.getValue()));
      } catch (UnknownTopicOrPartitionException e) {
        // Missing: it stays out of the answer.
      }
    }
    return descriptions;
  }

  private Map<String, TopicSpec> actual(List<String> names)
      throws IOException, InterruptedException {
    Map<String, TopicDescription> descriptions = describe(names);
    List<ConfigResource> resources =
        descriptions.keySet().stream()
            .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
            .toList();
    Map<ConfigResource, Config> configs = await(admin.describeConfigs(resources).all());
    Map<String, TopicSpec> actual = new HashMap<>();
    configs.forEach(
        (resource, config) -> {
          TopicDescription description = descriptions.get(resource.name());
          if (description != null) {
            actual.put(resource.name(), spec(description, config));
          }
        });
    return actual;
  }

  private static TopicSpec spec(TopicDescription description, Config config) {
    Map<String, String> settings = new HashMap<>();
    config.entries().stream()
        .filter(entry -> entry.value() != null)
        .forEach(entry -> settings.put(entry.name(), entry.value()));
    return new TopicSpec(
        description.name(),
        description.partitions().size(),
        description.partitions().get(0).replicas().size(),
        settings);
  }

  private static <T> T await(KafkaFuture<T> future) throws IOException, InterruptedException {
    try {
      return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "Kafka did not answer within " + LIMIT_SECONDS + " s; check kafka.bootstrap-servers", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof UnknownTopicOrPartitionException unknown) {
        throw unknown;
      }
      if (cause instanceof TopicExistsException exists) {
        throw exists;
      }
      throw new IOException(
          "Kafka: " + cause.getMessage() + "; check kafka.bootstrap-servers", cause);
    }
  }
}
