package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.FlinkSettings;
import io.tagstream.launcher.job.JobShape;
import io.tagstream.launcher.job.KafkaJob;
import io.tagstream.launcher.job.SwitchOffsets;
import java.io.IOException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Entry class of the job on a Flink cluster, in a session or as an application. Kafka's address and
 * everything of the stages come from our file; what belongs to the cluster, such as memory, high
 * availability and where checkpoints lie, from Flink's own.
 */
@Command(
    name = "tagstream-job",
    description = "The job on a Flink cluster; arguments of `flink run` or of a FlinkDeployment.",
    mixinStandardHelpOptions = true)
public final class ClusterJob {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterJob.class);

  @Mixin private ConfigFile config;
  @Mixin private StartPoint start;

  @Option(
      names = "--job",
      paramLabel = "SHAPE",
      defaultValue = "fused",
      description =
          "Which stages run in this job: fused, features or learner; see `tagstream run`.")
  private JobShape shape = JobShape.FUSED;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  ClusterJob() {}

  /**
   * Builds the job and hands it to the cluster.
   *
   * @param arguments {@code --config FILE --job SHAPE --restore URI}
   * @throws IllegalArgumentException when they are wrong; the message says which and why
   * @throws InvalidConfigurationException when the file is; the message names every mistake
   * @throws CommandFailure when a topic is missing
   * @throws IOException when Kafka does not answer
   */
  public static void main(String... arguments) throws Exception {
    CommandLine line = commandLine();
    try {
      CommandLine.ParseResult parsed = line.parseArgs(arguments);
      if (CommandLine.printHelpIfRequested(parsed)) {
        return;
      }
    } catch (ParameterException e) {
      throw new IllegalArgumentException(e.getMessage() + "\n" + line.getUsageMessage(), e);
    }
    line.<ClusterJob>getCommand().submit();
  }

  /** The command line, ready to parse. */
  public static CommandLine commandLine() {
    return new CommandLine(new ClusterJob()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  private void submit() throws Exception {
    TagstreamConfig loaded = config.load();
    RequiredTopics.check(loaded, shape);
    Configuration flink = FlinkSettings.ofJob(loaded);
    flink.set(PipelineOptions.NAME, shape.jobName());
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(flink);
    environment.configure(start.settings(environment.getConfiguration(), LOG::info));
    KafkaJob job = new KafkaJob(environment, loaded, shape);
    if (shape == JobShape.LEARNER) {
      job.learn();
    } else {
      job.live(SwitchOffsets.live(loaded));
    }
    environment.execute();
  }
}
