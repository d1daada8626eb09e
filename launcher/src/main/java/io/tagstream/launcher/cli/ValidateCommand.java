package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.ConfigReference;
import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.config.TagstreamConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tagstream validate}: is this configuration right? */
@Command(
    name = "validate",
    description = {
      "Checks a configuration file and names every mistake in it; changes nothing.",
      "With --sample, shows what a few of your own records become by its formats and mappings."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:valid",
      "1:records of the sample are refused, or it cannot be read",
      "2:mistakes, all of them listed"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream validate --config tagstream.yaml",
      "  tagstream validate --config tagstream.yaml --topic clicks --sample clicks.jsonl",
      "  tagstream validate --reference > settings.md"
    })
final class ValidateCommand implements Callable<Integer> {

  @ParentCommand private Tagstream root;
  @Mixin private ConfigFile config;

  @Option(
      names = "--reference",
      description = "Prints the reference of all settings (Markdown) instead.")
  private boolean reference;

  @Option(
      names = "--sample",
      paramLabel = "FILE",
      description =
          "Records of a topic: an Avro container, CSV with a header, or a JSON object per line;"
              + " plain or compressed.")
  private @Nullable Path sample;

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "What the sample holds: ${COMPLETION-CANDIDATES}.",
      completionCandidates = InputTopics.class)
  private @Nullable String topic;

  @Option(
      names = "--show",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many records are shown of each kind (default: ${DEFAULT-VALUE}).")
  private int show;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  ValidateCommand() {}

  @Override
  public Integer call() throws InvalidConfigurationException, CommandFailure {
    Terminal terminal = root.terminal();
    if (reference) {
      terminal.line(ConfigReference.markdown().stripTrailing());
      terminal.object(Map.of("reference", ConfigReference.markdown()));
      return ExitCode.OK;
    }
    TagstreamConfig loaded;
    try {
      loaded = config.load();
    } catch (InvalidConfigurationException e) {
      if (!terminal.isJson()) {
        throw e;
      }
      terminal.object(Map.of("valid", false, "problems", e.problems()));
      return ExitCode.CONFIGURATION;
    }
    if (sample != null) {
      return new SampleReport(terminal, show)
          .of(loaded, InputTopics.named(topic, "--topic", spec.commandLine()), sample);
    }
    terminal.line("valid");
    terminal.object(Map.of("valid", true, "problems", List.of()));
    return ExitCode.OK;
  }
}
