package io.tagstream.launcher.bench;

import io.tagstream.launcher.broker.EmbeddedBroker;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.demo.DemoPlan;
import io.tagstream.launcher.demo.DemoSettings;
import io.tagstream.launcher.job.EmbeddedCluster;
import io.tagstream.launcher.job.FlinkSettings;
import io.tagstream.launcher.job.InProcessMetrics;
import io.tagstream.launcher.job.JobShape;
import io.tagstream.launcher.job.KafkaJob;
import io.tagstream.launcher.job.SwitchOffsets;
import io.tagstream.launcher.topics.KafkaTopics;
import io.tagstream.launcher.topics.TopicSpec;
import io.tagstream.launcher.world.PlantedWorldConfig;
import io.tagstream.launcher.world.SourceFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** A broker and a cluster of this process, and the fused job between topics on it. */
final class FusedRun implements AutoCloseable {

  private final EmbeddedBroker broker;
  private final TagstreamConfig config;
  private final EmbeddedCluster cluster;
  private @Nullable JobID job;

  private FusedRun(EmbeddedBroker broker, TagstreamConfig config, EmbeddedCluster cluster) {
    this.broker = broker;
    this.config = config;
    this.cluster = cluster;
  }

  /** What the job has done by now. */
  record Progress(
      long nanos,
      double accepted,
      double trained,
      double scored,
      double published,
      double refused) {

    double seconds(Progress earlier) {
      return (nanos - earlier.nanos) / 1e9;
    }
  }

  /**
   * Starts broker and cluster, makes the topics; no job yet.
   *
   * @param settings above those of the demo, as YAML
   */
  static FusedRun start(
      BenchRun run, PlantedWorldConfig world, SourceFields fields, String settings)
      throws Exception {
    run.progress().accept("starting a Kafka broker and a Flink cluster ...");
    DemoPlan plan =
        new DemoPlan(
            null,
            run.seed(),
            null,
            null,
            settings,
            world.users(),
            world.eventsPerSecond(),
            Duration.ofSeconds(2));
    EmbeddedBroker broker = EmbeddedBroker.start(run.scratch().resolve("broker"));
    try {
      TagstreamConfig config = DemoSettings.of(plan, fields, broker.bootstrapServers());
      try (Admin admin = Admin.create(config.kafka().clientProperties())) {
        new KafkaTopics(admin).create(TopicSpec.wanted(config.topics()));
      }
      Path state = Files.createDirectories(run.scratch().resolve("state"));
      EmbeddedCluster cluster =
          EmbeddedCluster.start(
              FlinkSettings.of(config, state), config.pipeline().parallelism(), state);
      return new FusedRun(broker, config, cluster);
    } catch (Exception e) {
      broker.close();
      throw e;
    }
  }

  TagstreamConfig config() {
    return config;
  }

  /** Starts the job; users' records sent so far are read before any event. */
  void submit() throws Exception {
    StreamExecutionEnvironment environment = cluster.environment();
    new KafkaJob(environment, config).live(SwitchOffsets.live(config));
    job = cluster.submit(environment, JobShape.FUSED.jobName());
  }

  /**
   * The job's counters.
   *
   * @throws IllegalStateException when the job has ended
   */
  Progress progress() throws Exception {
    JobID running = job;
    if (running != null) {
      JobStatus status = cluster.status(running);
      if (status.isGloballyTerminalState()) {
        throw new IllegalStateException("the job is " + status + ": " + cluster.failure(running));
      }
    }
    Map<String, Double> metrics = cluster.metrics().values();
    return new Progress(
        System.nanoTime(),
        metrics.getOrDefault("ingestion.accounting.accepted", 0.0),
        metrics.getOrDefault(ofModel("samplesTrained"), 0.0),
        metrics.getOrDefault(ofModel("usersScored"), 0.0),
        metrics.getOrDefault("profile.published", 0.0),
        metrics.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("ingestion.deadLetters."))
            .mapToDouble(Map.Entry::getValue)
            .sum());
  }

  private String ofModel(String metric) {
    return InProcessMetrics.ofModel(config.learner(), metric);
  }

  /** One of the stages' metrics; 0 when there is none of that name. */
  double metric(String name) {
    return cluster.metrics().value(name);
  }

  @Override
  public void close() {
    cluster.close();
    broker.close();
  }
}
