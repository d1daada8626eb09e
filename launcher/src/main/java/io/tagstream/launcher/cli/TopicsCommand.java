package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.topics.KafkaTopics;
import io.tagstream.launcher.topics.TopicReport;
import io.tagstream.launcher.topics.TopicSpec;
import io.tagstream.schemas.TopicReference;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tagstream topics}: creates or checks the topics of a deployment. */
@Command(
    name = "topics",
    description =
        "Creates missing topics, or checks all of them. Existing topics stay as they are; reference"
            + " says what is in them.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every topic is as configured",
      "1:a topic is missing or different, or Kafka does not answer",
      "2:wrong configuration or usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream topics check --config tagstream.yaml",
      "  tagstream topics create --bootstrap-servers localhost:9092"
    })
final class TopicsCommand implements Callable<Integer> {

  /** What to do. */
  enum Action {
    CHECK,
    CREATE,
    REFERENCE
  }

  @ParentCommand private Tagstream root;
  @Mixin private ConfigFile config;

  @Parameters(
      arity = "0..1",
      defaultValue = "check",
      paramLabel = "check|create|reference",
      description =
          "What to do (default: ${DEFAULT-VALUE}); reference prints what every topic holds, as Markdown,"
              + " and asks no Kafka.")
  private Action action;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  TopicsCommand() {}

  @Override
  public Integer call() throws InvalidConfigurationException, IOException, InterruptedException {
    TagstreamConfig loaded = config.load();
    Terminal terminal = root.terminal();
    if (action == Action.REFERENCE) {
      terminal.line(TopicReference.markdown().stripTrailing());
      return ExitCode.OK;
    }
    List<TopicSpec> wanted = TopicSpec.wanted(loaded.topics());
    List<TopicReport> reports;
    try (Admin admin = Admin.create(loaded.kafka().interactiveProperties())) {
      KafkaTopics topics = new KafkaTopics(admin);
      reports = action == Action.CREATE ? topics.create(wanted) : topics.check(wanted);
    }
    for (TopicReport report : reports) {
      terminal.object(report);
      terminal.line(
          String.format(
              "%-22s %s", report.name(), report.status().name().toLowerCase(Locale.ROOT)));
      report.differences().forEach(difference -> terminal.line("  " + difference));
    }
    return reports.stream().allMatch(TopicReport::usable) ? ExitCode.OK : ExitCode.FAILURE;
  }
}
