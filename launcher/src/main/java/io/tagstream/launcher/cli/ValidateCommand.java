package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.ConfigReference;
import io.tagstream.launcher.config.InvalidConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tagstream validate}: is this configuration right? */
@Command(
    name = "validate",
    description = "Checks a configuration file and names every mistake in it; changes nothing.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:valid", "2:mistakes, all of them listed"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream validate --config tagstream.yaml",
      "  tagstream validate --reference > settings.md"
    })
final class ValidateCommand implements Callable<Integer> {

  @ParentCommand private Tagstream root;
  @Mixin private ConfigFile config;

  @Option(
      names = "--reference",
      description = "Prints the reference of all settings (Markdown) instead.")
  private boolean reference;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  ValidateCommand() {}

  @Override
  public Integer call() throws InvalidConfigurationException {
    Terminal terminal = root.terminal();
    if (reference) {
      terminal.line(ConfigReference.markdown().stripTrailing());
      terminal.object(Map.of("reference", ConfigReference.markdown()));
      return ExitCode.OK;
    }
    try {
      config.load();
    } catch (InvalidConfigurationException e) {
      if (!terminal.isJson()) {
        throw e;
      }
      terminal.object(Map.of("valid", false, "problems", e.problems()));
      return ExitCode.CONFIGURATION;
    }
    terminal.line("valid");
    terminal.object(Map.of("valid", true, "problems", List.of()));
    return ExitCode.OK;
  }
}
