package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.InProcessMetrics;
import io.tagstream.launcher.job.JobShape;
import io.tagstream.launcher.job.TopicRange;
import io.tagstream.launcher.replay.LogRange;
import io.tagstream.launcher.replay.LogRange.Offsets;
import io.tagstream.launcher.replay.LogRange.Partition;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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
      "  tagstream replay --topics --until 2026-02-01T00:00:00Z",
      "  tagstream replay --topics --offsets clicks/0=1000..2000 --offsets clicks/1=500.."
    })
final class ReplayCommand implements Callable<Integer> {

  private static final String ACCEPTED = "ingestion.accounting.accepted";

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

  @Option(
      names = "--offsets",
      paramLabel = "TOPIC/PARTITION=FROM..TO",
      converter = {PartitionConverter.class, OffsetsConverter.class},
      description =
          "Only these events of a partition; without FROM from its beginning, without TO to its end."
              + " May be given several times.")
  private Map<Partition, Offsets> offsets = new LinkedHashMap<>();

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  ReplayCommand() {}

  @Override
  public Integer call() throws Exception {
    if (job.shape() == JobShape.LEARNER) {
      throw new ParameterException(
          spec.commandLine(),
          "--job: learner - reads no events; `run --job learner` with a kafka.group-id of its own and"
              + " kafka.starting-offsets: earliest learns all samples that are kept");
    }
    TagstreamConfig loaded = config.load();
    Input input = input(loaded);
    Terminal terminal = root.terminal();
    Map<String, Double> last = new LinkedHashMap<>();
    JobRun.End end;
    try (Progress progress = new Progress(terminal, "replay", input.records())) {
      end =
          job.run(
              loaded,
              terminal,
              input.building(),
              metrics -> {
                last.putAll(metrics);
                progress.at(Math.round(metrics.getOrDefault(ACCEPTED, 0.0)));
                return true;
              });
    }
    Map<String, Object> summary = new LinkedHashMap<>();
    metricsOf(loaded)
        .forEach((name, metric) -> summary.put(name, Math.round(last.getOrDefault(metric, 0.0))));
    summary.put("complete", end == JobRun.End.FINISHED);
    summary.forEach((name, value) -> terminal.line(String.format("%-12s %s", name, value)));
    terminal.object(summary);
    return ExitCode.OK;
  }

  /** The metrics of the summary, by name. */
  private static Map<String, String> metricsOf(TagstreamConfig loaded) {
    Map<String, String> metrics = new LinkedHashMap<>();
    metrics.put("records", ACCEPTED);
    metrics.put("deadLetters", "ingestion.accounting.deadLettered");
    metrics.put("open", "ingestion.accounting.open");
    metrics.put("samples", InProcessMetrics.ofModel(loaded.learner(), "samplesTrained"));
    metrics.put("profiles", "profile.published");
    return metrics;
  }

  /**
   * What is read.
   *
   * @param records at most; −1 when nobody has counted them
   */
  private record Input(long records, JobRun.Building building) {}

  private Input input(TagstreamConfig loaded) throws IOException, InterruptedException {
    LogRange range = range();
    if (log.topics) {
      TopicRange topics = TopicRange.of(range, loaded);
      return new Input(topics.offsets(), toBuild -> toBuild.replay(topics));
    }
    ReplayPlan plan = plan(range);
    return new Input(plan.records(), toBuild -> toBuild.replay(plan));
  }

  private LogRange range() {
    if (!log.files.isEmpty() && (since != null || until != null || !offsets.isEmpty())) {
      throw new ParameterException(
          spec.commandLine(),
          "--since, --until and --offsets: records of --files were never appended to a topic");
    }
    return new LogRange(
        since == null ? Long.MIN_VALUE : since.toEpochMilli(),
        until == null ? Long.MAX_VALUE : until.toEpochMilli(),
        offsets);
  }

  /** Reads {@code TOPIC/PARTITION}. */
  static final class PartitionConverter implements ITypeConverter<Partition> {

    private static final Pattern PARTITION = Pattern.compile("(.+)/(\\d{1,9})");

    @Override
    public Partition convert(String text) {
      Matcher parts = PARTITION.matcher(text);
      if (!parts.matches()) {
        throw new TypeConversionException(text + " - must be TOPIC/PARTITION, such as clicks/0");
      }
      Topic topic =
          InputTopics.named(parts.group(1))
              .filter(Topic::event)
              .orElseThrow(
                  () -> new TypeConversionException(text + " - must name a topic of events"));
      return new Partition(topic, Integer.parseInt(parts.group(2)));
    }
  }

  /** Reads {@code FROM..TO}. */
  static final class OffsetsConverter implements ITypeConverter<Offsets> {

    private static final Pattern RANGE = Pattern.compile("(\\d{0,18})\\.\\.(\\d{0,18})");

    @Override
    public Offsets convert(String text) {
      Matcher range = RANGE.matcher(text);
      if (!range.matches()) {
        throw new TypeConversionException(text + " - must be FROM..TO, such as 1000..2000");
      }
      long from = range.group(1).isEmpty() ? 0 : Long.parseLong(range.group(1));
      long to = range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2));
      if (from > to) {
        throw new TypeConversionException(text + " - ends before it begins");
      }
      return new Offsets(from, to);
    }
  }

  private ReplayPlan plan(LogRange range) throws IOException {
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
