package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.EmbeddedCluster;
import io.tagstream.launcher.job.FlinkSettings;
import io.tagstream.launcher.job.KafkaEnds;
import io.tagstream.launcher.job.ReferenceOffsets;
import io.tagstream.launcher.topics.KafkaTopics;
import io.tagstream.launcher.topics.TopicReport;
import io.tagstream.launcher.topics.TopicSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tagstream run}: the job, on the configured Kafka. */
@Command(
    name = "run",
    description =
        "Runs the job in this process, reading from and writing to the configured Kafka. Ctrl-C"
            + " stops it with a savepoint, from which --restore goes on.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped by Ctrl-C or after --duration",
      "1:the job failed, a topic is missing, or Kafka does not answer",
      "2:wrong configuration or usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream topics create --config tagstream.yaml",
      "  tagstream run --config tagstream.yaml",
      "  tagstream run --config tagstream.yaml --restore file:///data/savepoint-1a2b3c"
    })
final class RunCommand implements Callable<Integer> {

  private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofSeconds(1);

  @ParentCommand private Tagstream root;
  @Mixin private ConfigFile config;

  @Option(
      names = "--restore",
      paramLabel = "URI",
      description = "Savepoint or checkpoint to go on from.")
  private @Nullable String restore;

  @Option(
      names = "--savepoints",
      paramLabel = "URI",
      description =
          "Folder for the savepoint of the stop; without it, checkpoints.directory. Where neither is"
              + " given, nothing is kept.")
  private @Nullable String savepoints;

  @Option(names = "--duration", paramLabel = "TIME", description = "Stops after this time.")
  private @Nullable Duration duration;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  RunCommand() {}

  @Override
  public Integer call() throws Exception {
    TagstreamConfig loaded = config.load();
    Terminal terminal = root.terminal();
    requireTopics(loaded);
    StopSignal stop = StopSignal.arm();
    Path folder = Files.createDirectories(RunFolder.current().path().resolve("state"));
    Configuration flink = FlinkSettings.of(loaded, folder);
    if (restore != null) {
      flink.set(StateRecoveryOptions.SAVEPOINT_PATH, restore);
    }
    try (EmbeddedCluster cluster =
        EmbeddedCluster.start(flink, loaded.pipeline().parallelism(), folder)) {
      StreamExecutionEnvironment environment = cluster.environment();
      KafkaEnds.build(environment, loaded, ReferenceOffsets.ends(loaded));
      JobID job = cluster.submit(environment, "tagstream");
      terminal.progress("the job runs; Ctrl-C stops it");
      watch(cluster, job, stop, terminal);
      stop(cluster, job, loaded, terminal);
    }
    return ExitCode.OK;
  }

  private static void requireTopics(TagstreamConfig config)
      throws IOException, InterruptedException, CommandFailure {
    try (Admin admin = Admin.create(config.kafka().interactiveProperties())) {
      List<String> missing =
          new KafkaTopics(admin)
              .check(TopicSpec.wanted(config.topics())).stream()
                  .filter(report -> report.status() == TopicReport.Status.MISSING)
                  .map(TopicReport::name)
                  .toList();
      if (!missing.isEmpty()) {
        throw new CommandFailure(
            "topics " + missing + " are missing; `tagstream topics create` makes them");
      }
    }
  }

  private void watch(EmbeddedCluster cluster, JobID job, StopSignal stop, Terminal terminal)
      throws Exception {
    long started = System.nanoTime();
    while (!stop.await(LOOK)) {
      if (cluster.status(job).isGloballyTerminalState()) {
        throw new CommandFailure("the job is " + cluster.status(job) + ": " + cluster.failure(job));
      }
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("seconds", (System.nanoTime() - started) / 1_000_000_000);
      report.put("metrics", cluster.metrics().values());
      terminal.object(report);
      if (duration != null && System.nanoTime() - started > duration.toNanos()) {
        return;
      }
    }
  }

  private void stop(EmbeddedCluster cluster, JobID job, TagstreamConfig loaded, Terminal terminal)
      throws InterruptedException, CommandFailure {
    String directory = savepoints != null ? savepoints : loaded.state().checkpointDirectory();
    if (directory.isEmpty()) {
      terminal.progress("stopped; nothing is kept: neither --savepoints nor checkpoints.directory");
      return;
    }
    terminal.progress("stopping with a savepoint ...");
    try {
      String savepoint = cluster.stop(job, false, directory, STOP_LIMIT);
      terminal.line("go on with: tagstream run --restore " + savepoint);
      terminal.object(Map.of("savepoint", savepoint));
    } catch (ExecutionException | TimeoutException e) {
      throw new CommandFailure(
          "no savepoint could be taken in "
              + directory
              + " ("
              + EmbeddedCluster.rootMessage(e)
              + "); the last checkpoint is there to go on from",
          e);
    }
  }
}
