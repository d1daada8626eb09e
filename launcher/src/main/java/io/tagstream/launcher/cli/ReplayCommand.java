package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.replay.AppendTimeRange;
import io.tagstream.launcher.replay.ReplayPlan;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tagstream replay}: a log through the job, from its beginning to its end. */
@Command(
    name = "replay",
    description = {
      "Runs a log through the job and ends: an archive, files of your own, or what the topics hold"
          + " now. Profiles and all else are written to the configured topics.",
      "At the end nothing expires: labels that are still open stay so, and no user is forgotten."
          + " Ctrl-C stops with a savepoint, from which --restore goes on."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:replayed, or stopped by Ctrl-C",
      "1:the job failed, a file or topic is missing, or Kafka does not answer",
      "2:wrong configuration or usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream replay --config tagstream.yaml --archive archive",
      "  tagstream replay --config tagstream.yaml --archive archive --since 2026-01-01T00:00:00Z",
      "  tagstream replay --files impressions=logs/shown-*.csv.gz --files clicks=logs/clicks.jsonl",
      "  tagstream replay --topics --until 2026-02-01T00:00:00Z"
    })
final class ReplayCommand implements Callable<Integer> {

  private static final String ACCEPTED = "ingestion.accounting.accepted";
  private static final Map<String, String> SUMMARY = new LinkedHashMap<>();

  static {
    SUMMARY.put("records", ACCEPTED);
    SUMMARY.put("deadLetters", "ingestion.accounting.deadLettered");
    SUMMARY.put("open", "ingestion.accounting.open");
    SUMMARY.put("samples", "learner.samplesTrained");
    SUMMARY.put("profiles", "profile.published");
  }

  @ParentCommand private Tagstream root;
  @Spec private CommandSpec spec;
  @Mixin private ConfigFile config;
  @Mixin private JobRun job;

  @ArgGroup(multiplicity = "1")
  private Log log;

  /** One of these. */
  static final class Log {
    @Option(names = "--archive", paramLabel = "DIR", description = "An archive; see export.")
    private @Nullable Path archive;

    @Option(
        names = "--files",
        paramLabel = "TOPIC=FILE",
        description =
            "Files of a topic: Avro containers, CSV with a header, or a JSON object per line; plain"
                + " or compressed. FILE's name may hold * and ?; files are read in the order of"
                + " their names. May be given several times. The topic's mapping applies.")
    private Map<String, String> files = new LinkedHashMap<>();

    @Option(names = "--topics", description = "What the topics hold now.")
    private boolean topics;
  }

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only events appended to their topics since then, 2026-01-31T12:00:00Z.")
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Only events appended to their topics before then.")
  private @Nullable Instant until;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  ReplayCommand() {}

  @Override
  public Integer call() throws Exception {
    TagstreamConfig loaded = config.load();
    AppendTimeRange range = range();
    ReplayPlan plan = log.topics ? null : plan(range);
    Terminal terminal = root.terminal();
    Map<String, Double> last = new LinkedHashMap<>();
    JobRun.End end;
    try (Progress progress = new Progress(terminal, "replay", plan == null ? -1 : plan.records())) {
      end =
          job.run(
              loaded,
              terminal,
              toBuild -> {
                if (plan == null) {
                  toBuild.replay(range);
                } else {
                  toBuild.replay(plan);
                }
              },
              metrics -> {
                last.putAll(metrics);
                progress.at(Math.round(metrics.getOrDefault(ACCEPTED, 0.0)));
                return true;
              });
    }
    Map<String, Object> summary = new LinkedHashMap<>();
    SUMMARY.forEach(
        (name, metric) -> summary.put(name, Math.round(last.getOrDefault(metric, 0.0))));
    summary.put("complete", end == JobRun.End.FINISHED);
    summary.forEach((name, value) -> terminal.line(String.format("%-12s %s", name, value)));
    terminal.object(summary);
    return ExitCode.OK;
  }

  private AppendTimeRange range() {
    if (!log.files.isEmpty() && (since != null || until != null)) {
      throw new ParameterException(
          spec.commandLine(),
          "--since and --until: records of --files were never appended to a topic");
    }
    return new AppendTimeRange(
        since == null ? Long.MIN_VALUE : since.toEpochMilli(),
        until == null ? Long.MAX_VALUE : until.toEpochMilli());
  }

  private ReplayPlan plan(AppendTimeRange range) throws IOException {
    if (log.archive != null) {
      return ReplayPlan.ofArchive(log.archive, range);
    }
    Map<Topic, List<Path>> files = new EnumMap<>(Topic.class);
    for (Map.Entry<String, String> each : log.files.entrySet()) {
      files.put(
          InputTopics.named(each.getKey(), "--files", spec.commandLine()),
          matching(each.getValue()));
    }
    return ReplayPlan.ofFiles(files);
  }

  /** Files in the order of their names. */
  private List<Path> matching(String pattern) throws IOException {
    Path path = Path.of(pattern).toAbsolutePath();
    Path folder = path.resolveSibling(".");
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> matching =
          Files.newDirectoryStream(folder, path.getFileName().toString())) {
        matching.forEach(file -> found.add(file.normalize()));
      } catch (PatternSyntaxException e) {
        throw new ParameterException(
            spec.commandLine(), "--files: " + pattern + " - is no pattern: " + e.getDescription());
      }
    }
    if (found.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--files: " + pattern + " - there is no such file");
    }
    found.sort(null);
    return found;
  }
}
