package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.EmbeddedCluster;
import io.tagstream.launcher.job.FlinkSettings;
import io.tagstream.launcher.job.JobShape;
import io.tagstream.launcher.job.KafkaJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A job in this process, from its start to its end: what `run` and `replay` have in common. */
final class JobRun {

  private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofSeconds(1);

  @Option(
      names = "--job",
      paramLabel = "SHAPE",
      defaultValue = "fused",
      description =
          "Which stages run in this job: fused, all of them; features, from events to the topics"
              + " training-samples and score-requests; learner, from these to profiles. Without it,"
              + " fused.")
  private JobShape shape = JobShape.FUSED;

  @Mixin private StartPoint start;

  @Option(
      names = "--savepoints",
      paramLabel = "URI",
      description =
          "Folder for the savepoint of the stop; without it, checkpoints.directory. Where neither is"
              + " given, nothing is kept.")
  private @Nullable String savepoints;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  JobRun() {}

  /** Which stages run. */
  JobShape shape() {
    return shape;
  }

  /** Builds the job. */
  @FunctionalInterface
  interface Building {
    void in(KafkaJob job) throws IOException, InterruptedException;
  }

  /** Looks at the running job once a second. */
  @FunctionalInterface
  interface Watcher {
    /** Whether the job should go on. */
    boolean look(Map<String, Double> metrics);
  }

  /** How it ended. */
  enum End {
    /** Its input was over. */
    FINISHED,
    /** On request. */
    STOPPED
  }

  /**
   * Runs the job until its input is over, the watcher has enough, or somebody ends the process.
   *
   * @throws CommandFailure when a topic is missing, or the job fails
   */
  End run(TagstreamConfig config, Terminal terminal, Building building, Watcher watcher)
      throws Exception {
    RequiredTopics.check(config, shape);
    StopSignal stop = StopSignal.arm();
    Path folder = Files.createDirectories(RunFolder.current().path().resolve("state"));
    Configuration flink = FlinkSettings.of(config, folder);
    // Where this process alone would look for checkpoints, there are none yet.
    flink.addAll(start.settings(FlinkSettings.ofJob(config), terminal::progress));
    try (EmbeddedCluster cluster =
        EmbeddedCluster.start(flink, config.pipeline().parallelism(), folder)) {
      StreamExecutionEnvironment environment = cluster.environment();
      building.in(new KafkaJob(environment, config, shape));
      JobID job = cluster.submit(environment, shape.jobName());
      terminal.progress("the job runs; Ctrl-C stops it");
      while (!stop.await(LOOK)) {
        JobStatus status = cluster.status(job);
        boolean goesOn = watcher.look(cluster.metrics().values());
        if (status == JobStatus.FINISHED) {
          return End.FINISHED;
        }
        if (status.isGloballyTerminalState()) {
          throw new CommandFailure("the job is " + status + ": " + cluster.failure(job));
        }
        if (!goesOn) {
          break;
        }
      }
      stop(cluster, job, config, terminal);
      return End.STOPPED;
    }
  }

  private void stop(EmbeddedCluster cluster, JobID job, TagstreamConfig config, Terminal terminal)
      throws InterruptedException, CommandFailure {
    String directory = savepoints != null ? savepoints : config.state().checkpointDirectory();
    if (directory.isEmpty()) {
      terminal.progress("stopped; nothing is kept: neither --savepoints nor checkpoints.directory");
      return;
    }
    terminal.progress("stopping with a savepoint ...");
    try {
      String savepoint = cluster.stop(job, false, directory, STOP_LIMIT);
      terminal.line("go on with the same command and: --restore " + savepoint);
      terminal.object(Map.of("savepoint", savepoint));
    } catch (ExecutionException | TimeoutException e) {
      throw new CommandFailure(
          "no savepoint could be taken in "
              + directory
              + " ("
              + EmbeddedCluster.rootMessage(e)
              + "); --restore latest goes on from the newest checkpoint, where there is one",
          e);
    }
  }
}
