package io.tagstream.it;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.EmbeddedCluster;
import io.tagstream.launcher.job.FlinkSettings;
import io.tagstream.launcher.job.KafkaJob;
import io.tagstream.launcher.job.SwitchOffsets;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A job on a Flink cluster of its own in this process. */
final class RunningJob implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** Records that are taken in within the limit on any machine. */
  private static final int STEP = 10_000;

  private static final String ACCOUNTING = "ingestion.accounting.";

  private final EmbeddedCluster cluster;
  private final JobID job;
  private final Path folder;

  /** Builds a job in an environment. */
  @FunctionalInterface
  interface Pipeline {
    void build(StreamExecutionEnvironment environment) throws Exception;
  }

  private RunningJob(EmbeddedCluster cluster, JobID job, Path folder) {
    this.cluster = cluster;
    this.job = job;
    this.folder = folder;
  }

  /** Starts the fused job between Kafka and Kafka, with something else beside it. */
  static RunningJob onKafka(TagstreamConfig config, Path folder, Pipeline beside) throws Exception {
    return onKafka(config, folder, new Configuration(), beside);
  }

  /** The same with further Flink options. */
  static RunningJob onKafka(
      TagstreamConfig config, Path folder, Configuration options, Pipeline beside)
      throws Exception {
    return start(
        config,
        folder,
        options,
        environment -> {
          new KafkaJob(environment, config).live(SwitchOffsets.live(config));
          beside.build(environment);
        });
  }

  /**
   * Starts a job.
   *
   * @param folder of this job, for state, checkpoints and savepoints
   * @param options above the configuration's
   */
  static RunningJob start(
      TagstreamConfig config, Path folder, Configuration options, Pipeline pipeline)
      throws Exception {
    Files.createDirectories(folder);
    Configuration flink = FlinkSettings.of(config, folder);
    flink.addAll(options);
    EmbeddedCluster cluster = EmbeddedCluster.start(flink, config.pipeline().parallelism(), folder);
    try {
      StreamExecutionEnvironment environment = cluster.environment();
      pipeline.build(environment);
      return new RunningJob(cluster, cluster.submit(environment, "tagstream-it"), folder);
    } catch (Exception e) {
      cluster.close();
      throw e;
    }
  }

  /** Options that make a job go on from a savepoint. */
  static Configuration from(String savepoint) {
    Configuration options = new Configuration();
    options.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    return options;
  }

  /** Waits for a condition; a job that ends meanwhile fails at once, with its reason. */
  void await(String what, Eventually.Condition condition) throws Exception {
    Eventually.await(
        what,
        LIMIT,
        () -> {
          if (status().isGloballyTerminalState()) {
            throw new AssertionError("the job is " + status() + ": " + cluster.failure(job));
          }
          return condition.holds();
        },
        () -> "- the job is %s, its metrics are %s".formatted(status(), metrics()));
  }

  /** Waits until a job whose input ends has come to its end. */
  void awaitEnd() throws Exception {
    Eventually.await(
        "the end of the job",
        LIMIT,
        () -> {
          JobStatus status = status();
          if (status == JobStatus.FAILED || status == JobStatus.CANCELED) {
            throw new AssertionError("the job is " + status + ": " + cluster.failure(job));
          }
          return status == JobStatus.FINISHED;
        });
  }

  /** Waits until so many records have been taken in; gives up when it gets on no more. */
  void awaitAccepted(long records) throws Exception {
    awaitMetric(ACCOUNTING + "accepted", records, STEP);
  }

  /**
   * Waits until a count has come so far.
   *
   * @param portion what it rises by within the limit on any machine
   */
  void awaitMetric(String name, long value, int portion) throws Exception {
    for (long now = 0; now < value; now = metric(name)) {
      long next = Math.min(value, now + portion);
      await("%s of %d on the way to %d".formatted(name, next, value), () -> metric(name) >= next);
    }
  }

  /** Waits until a checkpoint has completed; returns its number. */
  long awaitCheckpointAfter(long number) throws Exception {
    await("a checkpoint after " + number, () -> newestCheckpoint() > number);
    return newestCheckpoint();
  }

  /** Number of the newest completed checkpoint on disk; 0 for none. */
  long newestCheckpoint() throws Exception {
    Path checkpoints = folder.resolve("checkpoints").resolve(job.toHexString());
    if (!Files.isDirectory(checkpoints)) {
      return 0;
    }
    try (var children = Files.list(checkpoints)) {
      return children
          .filter(each -> Files.exists(each.resolve("_metadata")))
          .map(each -> each.getFileName().toString())
          .filter(name -> name.startsWith("chk-"))
          .mapToLong(name -> Long.parseLong(name.substring("chk-".length())))
          .max()
          .orElse(0);
    }
  }

  JobStatus status() throws Exception {
    return cluster.status(job);
  }

  /** A metric of the stages, summed over subtasks. */
  long metric(String name) {
    return Math.round(cluster.metrics().value(name));
  }

  /** All metrics of the stages. */
  Map<String, Double> metrics() {
    return cluster.metrics().values();
  }

  /** One figure of ingestion's accounting. */
  long accounting(String name) {
    return metric(ACCOUNTING + name);
  }

  /** What ingestion's accounting has in all classes together. */
  long accountedFor() {
    return accounting("matched")
        + accounting("duplicate")
        + accounting("open")
        + accounting("closed")
        + accounting("deadLettered");
  }

  /** Stops with a savepoint, after which the job can go on; returns its URI. */
  String suspend() throws Exception {
    return stop(false);
  }

  /** Takes a savepoint that other state backends read too, and goes on; returns its folder. */
  Path savepoint() throws Exception {
    return Path.of(
        URI.create(cluster.savepoint(job, folder.resolve("looked-at").toUri().toString(), LIMIT)));
  }

  /** Ends the job: time runs to its end, and everything known comes out. */
  void drain() throws Exception {
    stop(true);
  }

  private String stop(boolean drain) throws Exception {
    return cluster.stop(job, drain, folder.resolve("savepoints").toUri().toString(), LIMIT);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
