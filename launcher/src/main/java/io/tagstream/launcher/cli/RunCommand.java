package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.JobShape;
import io.tagstream.launcher.job.KafkaJob;
import io.tagstream.launcher.job.SwitchOffsets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tagstream run}: the job, on the configured Kafka. */
@Command(
    name = "run",
    description = {
      "Runs the job in this process, reading from and writing to the configured Kafka. Ctrl-C"
          + " stops it with a savepoint, from which --restore goes on.",
      "Large deployments run two jobs from the same file, --job features where there are processors"
          + " and --job learner where there are GPUs, each in a process of its own.",
      "With --backfill, reads an archive first and goes on with the topics at the very offsets"
          + " where it ends."
    },
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
      "  tagstream run --config tagstream.yaml --backfill archive",
      "  tagstream run --config tagstream.yaml --job features",
      "  tagstream run --config tagstream.yaml --restore file:///data/savepoint-1a2b3c"
    })
final class RunCommand implements Callable<Integer> {

  @ParentCommand private Tagstream root;
  @Spec private CommandSpec spec;
  @Mixin private ConfigFile config;
  @Mixin private JobRun job;

  @Option(
      names = "--backfill",
      paramLabel = "DIR",
      description =
          "Archive (see export) that is read before the topics. Give it again with --restore: the"
              + " savepoint may lie in the archive.")
  private @Nullable Path archive;

  @Option(names = "--duration", paramLabel = "TIME", description = "Stops after this time.")
  private @Nullable Duration duration;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  RunCommand() {}

  @Override
  public Integer call() throws Exception {
    if (archive != null && job.shape() == JobShape.LEARNER) {
      throw new ParameterException(
          spec.commandLine(),
          "--backfill: a learner job reads no events; give it to --job features");
    }
    TagstreamConfig loaded = config.load();
    Terminal terminal = root.terminal();
    long started = System.nanoTime();
    job.run(
        loaded,
        terminal,
        toBuild -> build(toBuild, loaded),
        metrics -> {
          long nanos = System.nanoTime() - started;
          Map<String, Object> report = new LinkedHashMap<>();
          report.put("seconds", nanos / 1_000_000_000);
          report.put("metrics", metrics);
          terminal.object(report);
          return duration == null || nanos <= duration.toNanos();
        });
    return ExitCode.OK;
  }

  private void build(KafkaJob toBuild, TagstreamConfig loaded)
      throws IOException, InterruptedException {
    if (job.shape() == JobShape.LEARNER) {
      toBuild.learn();
    } else if (archive == null) {
      toBuild.live(SwitchOffsets.live(loaded));
    } else {
      toBuild.backfillThenLive(archive);
    }
  }
}
