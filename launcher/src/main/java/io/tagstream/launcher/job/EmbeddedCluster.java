package io.tagstream.launcher.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.CheckpointFailureReason;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.LoggerFactory;

/** A Flink cluster inside this process, on free ports, with the job that runs on it. */
public final class EmbeddedCluster implements AutoCloseable {

  private static final MemorySize NETWORK = MemorySize.ofMebiBytes(64);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);
  private static final long LOOK_AGAIN_MILLIS = 50;

  private final MiniCluster cluster;
  private final Configuration flink;
  private final InProcessMetrics metrics;
  private final String metricsId;

  private EmbeddedCluster(
      MiniCluster cluster, Configuration flink, InProcessMetrics metrics, String metricsId) {
    this.cluster = cluster;
    this.flink = flink;
    this.metrics = metrics;
    this.metricsId = metricsId;
  }

  /**
   * Starts a cluster.
   *
   * @param settings as {@link FlinkSettings} made them
   * @param slots the largest parallelism a job may have
   * @param folder for Flink's temporary files
   * @throws Exception as Flink throws when it cannot start
   */
  public static EmbeddedCluster start(Configuration settings, int slots, Path folder)
      throws Exception {
    Configuration flink = new Configuration(settings);
    InProcessMetrics metrics = new InProcessMetrics();
    String metricsId = UUID.randomUUID().toString();
    InProcessReporter.register(flink, metricsId, metrics);
    flink.set(RestOptions.BIND_PORT, "0");
    flink.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    flink.set(RestOptions.ADDRESS, "127.0.0.1");
    flink.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK);
    flink.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK);
    flink.setString("io.tmp.dirs", folder.resolve("flink").toString());
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(flink)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .build());
    try {
      cluster.start();
    } catch (Exception e) {
      InProcessReporter.unregister(metricsId);
      cluster.close();
      throw e;
    }
    return new EmbeddedCluster(cluster, flink, metrics, metricsId);
  }

  /** An empty environment with this cluster's settings, to build a job in. */
  public StreamExecutionEnvironment environment() {
    return StreamExecutionEnvironment.getExecutionEnvironment(flink);
  }

  /**
   * Starts the job that was built in an environment.
   *
   * @throws Exception as Flink throws when it refuses the job
   */
  public JobID submit(StreamExecutionEnvironment environment, String name) throws Exception {
    var plan = environment.getStreamGraph();
    plan.setJobName(name);
    return cluster.submitJob(plan).get().getJobID();
  }

  /** Where the job is in its life. */
  public JobStatus status(JobID job) throws ExecutionException, InterruptedException {
    return cluster.getJobStatus(job).get();
  }

  /**
   * Waits for the job's end; why it failed, in its innermost cause's words, or empty when it did
   * not.
   */
  public String failure(JobID job) throws ExecutionException, InterruptedException {
    return cluster
        .requestJobResult(job)
        .get()
        .getSerializedThrowable()
        .map(failure -> rootMessage(failure.deserializeError(getClass().getClassLoader())))
        .orElse("");
  }

  /** The innermost cause, with its message. */
  public static String rootMessage(Throwable throwable) {
    Throwable root = throwable;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  /**
   * Stops the job with a savepoint. Tasks start one by one, and until all run Flink refuses; a job
   * that is asked to stop before is stopped as soon as it can be.
   *
   * @param drain whether time runs to its end first, which closes what waits for a watermark; a
   *     drained job is over, a stopped one can go on from the savepoint
   * @param directory URI of the folder the savepoint goes to
   * @return URI of the savepoint
   * @throws ExecutionException when the savepoint fails, or the job is over
   * @throws TimeoutException when it takes longer than the limit
   */
  public String stop(JobID job, boolean drain, String directory, Duration limit)
      throws ExecutionException, InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      JobStatus status = status(job);
      if (status.isGloballyTerminalState()) {
        throw new ExecutionException(
            new IllegalStateException("the job is over, " + status + ' ' + failure(job)));
      }
      long leftNanos = deadline - System.nanoTime();
      if (leftNanos <= 0) {
        throw new TimeoutException(
            "after %d s some tasks of the job, which is %s, do not run"
                .formatted(limit.toSeconds(), status));
      }
      if (status == JobStatus.RUNNING) {
        try {
          return cluster
              .stopWithSavepoint(job, directory, drain, SavepointFormatType.NATIVE)
              .get(leftNanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
          if (!isBeforeAllTasksRun(e)) {
            throw e;
          }
        }
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
  }

  private static boolean isBeforeAllTasksRun(ExecutionException refused) {
    return refused.getCause() instanceof CheckpointException cause
        && cause.getCheckpointFailureReason()
            == CheckpointFailureReason.NOT_ALL_REQUIRED_TASKS_RUNNING;
  }

  /**
   * Takes a savepoint of the running job, in the format that every state backend reads.
   *
   * @param directory URI of the folder the savepoint goes to
   * @return URI of the savepoint
   * @throws TimeoutException when it takes longer than the limit
   */
  public String savepoint(JobID job, String directory, Duration limit)
      throws ExecutionException, InterruptedException, TimeoutException {
    return cluster
        .triggerSavepoint(job, directory, false, SavepointFormatType.CANONICAL)
        .get(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The stages' metrics; they outlive the job. */
  public InProcessMetrics metrics() {
    return metrics;
  }

  /** Cancels what runs and ends the cluster. */
  @Override
  public void close() {
    InProcessReporter.unregister(metricsId);
    try {
      cluster.closeAsync().get(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LoggerFactory.getLogger(EmbeddedCluster.class)
          .info("the embedded cluster did not end cleanly", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
