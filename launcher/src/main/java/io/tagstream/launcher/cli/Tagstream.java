package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.deadletters.LetterPlace;
import java.io.PrintWriter;
import org.apache.kafka.common.KafkaException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code tagstream}: the root of all commands and the process's entry point. */
@Command(
    name = "tagstream",
    description = "Keeps a tag profile of every user fresh, in seconds.",
    mixinStandardHelpOptions = true,
    version = "tagstream 0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      ExportCommand.class,
      ReplayCommand.class,
      TopicsCommand.class,
      WorldCommand.class,
      ProfilesCommand.class,
      PromoteCommand.class,
      DeadLettersCommand.class,
      ValidateCommand.class,
      DoctorCommand.class,
      BenchCommand.class,
      EvaluateCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream demo --duration 60s      a whole system on this machine, for a minute",
      "  tagstream validate --config FILE   every mistake in a configuration file",
      "  tagstream run --config FILE        the job, on your own Kafka"
    })
public final class Tagstream implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Results as JSON, one object per line.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  Tagstream() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    ProcessSetup.prepare();
    int code = commandLine().execute(args);
    ProcessSetup.cleanUp(code);
    System.exit(code);
  }

  /** The command line, ready to execute. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Tagstream());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(Tagstream::report);
    line.registerConverter(java.time.Duration.class, Tagstream::duration);
    line.registerConverter(LetterPlace.class, Tagstream::place);
    return line;
  }

  private static LetterPlace place(String text) {
    try {
      return LetterPlace.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(e.getMessage());
    }
  }

  private static java.time.Duration duration(String text) {
    try {
      return org.apache.flink.util.TimeUtils.parseDuration(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CommandLine.TypeConversionException(text + " - must be a duration such as 60s");
    }
  }

  private static int report(Exception exception, CommandLine line, CommandLine.ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (exception instanceof InvalidConfigurationException) {
      err.println(exception.getMessage());
      return ExitCode.CONFIGURATION;
    }
    LoggerFactory.getLogger(Tagstream.class).info("{} failed", line.getCommandName(), exception);
    if (exception instanceof CommandFailure) {
      err.println("tagstream: " + exception.getMessage());
      return ExitCode.FAILURE;
    }
    if (exception instanceof KafkaException) {
      Throwable cause = exception.getCause() == null ? exception : exception.getCause();
      err.println(
          "tagstream: Kafka: "
              + cause.getMessage()
              + "; check kafka.bootstrap-servers and kafka.properties");
      return ExitCode.FAILURE;
    }
    String message = exception.getMessage();
    err.println("tagstream: " + (message == null ? exception.getClass().getSimpleName() : message));
    return ExitCode.FAILURE;
  }

  /** Where this run writes to. */
  Terminal terminal() {
    CommandLine line = spec.commandLine();
    return new Terminal(line.getOut(), line.getErr(), json);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Name a command.");
  }
}
