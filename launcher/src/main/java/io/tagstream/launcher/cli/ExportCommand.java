package io.tagstream.launcher.cli;

import io.tagstream.launcher.archive.ArchiveManifest;
import io.tagstream.launcher.archive.LogExport;
import io.tagstream.launcher.config.TagstreamConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tagstream export}: the input topics as files. */
@Command(
    name = "export",
    description = {
      "Copies what the input topics hold into an archive: files of untouched records, and a manifest"
          + " of the offsets they reach to.",
      "Into an archive that is there already, it copies what has come since. Ctrl-C keeps what is"
          + " copied; the next export goes on there."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything was copied, or Ctrl-C",
      "1:Kafka does not answer, a topic is missing, or the archive does not fit the topics",
      "2:wrong configuration or usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream export --config tagstream.yaml --to archive",
      "  tagstream replay --config tagstream.yaml --archive archive",
      "  tagstream run --config tagstream.yaml --backfill archive"
    })
final class ExportCommand implements Callable<Integer> {

  @ParentCommand private Tagstream root;
  @Spec private CommandSpec spec;
  @Mixin private ConfigFile config;

  @Option(names = "--to", required = true, paramLabel = "DIR", description = "The archive.")
  private Path archive;

  @Option(
      names = "--slice",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "How much append time one file holds (default: ${DEFAULT-VALUE}).")
  private Duration slice;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  ExportCommand() {}

  @Override
  public Integer call() throws Exception {
    if (slice.toMillis() <= 0) {
      throw new ParameterException(
          spec.commandLine(), "--slice: " + slice + " - must be at least a millisecond");
    }
    TagstreamConfig loaded = config.load();
    Terminal terminal = root.terminal();
    StopSignal stop = StopSignal.arm();
    ArchiveManifest manifest;
    try (LogExport export = new LogExport(loaded, archive, slice);
        Progress progress = new Progress(terminal, "export", export.offsets())) {
      manifest = export.run(stop::requested, progress::at);
    } catch (KafkaException e) {
      throw CommandFailure.ofKafka(loaded, e);
    }
    terminal.line(manifest.records() + " records in " + archive);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("archive", archive.toString());
    json.put("records", manifest.records());
    json.put("complete", !stop.requested());
    terminal.object(json);
    return ExitCode.OK;
  }
}
