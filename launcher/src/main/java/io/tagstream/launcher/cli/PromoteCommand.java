package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.promotion.ModelPromoter;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.schemas.ModelMetrics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tagstream promote}: another model of the running job publishes the profiles. */
@Command(
    name = "promote",
    description = {
      "Has another of the running job's models (learner.models) publish the profiles, from the next"
          + " checkpoint on. Every model keeps what it has learnt, and learns on.",
      "Waits until the model says that it publishes."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the model publishes",
      "1:the job did not confirm it in time, or Kafka does not answer",
      "2:wrong configuration or usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  tagstream promote two-tower --config tagstream.yaml"})
final class PromoteCommand implements Callable<Integer> {

  @ParentCommand private Tagstream root;
  @Mixin private ConfigFile config;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "One of learner.models.")
  private String model;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "5min",
      description = "How long to wait for the job (default: ${DEFAULT-VALUE}).")
  private Duration timeout;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  PromoteCommand() {}

  @Override
  public Integer call() throws Exception {
    TagstreamConfig loaded = config.load();
    List<String> models = loaded.models().stream().map(LearnerConfig::name).toList();
    if (!models.contains(model)) {
      throw new ParameterException(
          spec.commandLine(), model + " - is none of the configured models " + models);
    }
    if (models.size() == 1) {
      throw new ParameterException(
          spec.commandLine(), model + " - is the only model; name several in learner.models");
    }
    Terminal terminal = root.terminal();
    try (ModelPromoter promoter = new ModelPromoter(loaded)) {
      promoter.promote(model);
      terminal.progress("told the job; it obeys with its next checkpoint ...");
      ModelMetrics said =
          promoter
              .awaitChampion(model, timeout)
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          "--timeout: nothing was heard of "
                              + model
                              + " for "
                              + timeout.toSeconds()
                              + " s. Is the job running, with these models, and do its checkpoints"
                              + " complete? A job that runs, or is restored, still obeys; one"
                              + " that starts anew does not"));
      terminal.line(model + " publishes, with " + said.getStep() + " training steps");
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("champion", model);
      report.put("step", said.getStep());
      report.put("samplesTrained", said.getSamplesTrained());
      terminal.object(report);
      return ExitCode.OK;
    } catch (KafkaException e) {
      throw CommandFailure.ofKafka(loaded, e);
    }
  }
}
