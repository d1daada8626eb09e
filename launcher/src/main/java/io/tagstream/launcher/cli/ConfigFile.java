package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.config.TagstreamConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --config} of every command that talks to a deployment. */
final class ConfigFile {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Configuration file (YAML); without it, every setting has its default.")
  private @Nullable Path file;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Instead of the file's kafka.bootstrap-servers.")
  private @Nullable String bootstrapServers;

  /** The configuration named on the command line. */
  TagstreamConfig load() throws InvalidConfigurationException {
    TagstreamConfig config = file == null ? TagstreamConfig.defaults() : TagstreamConfig.load(file);
    return bootstrapServers == null ? config : config.withBootstrapServers(bootstrapServers);
  }
}
