package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.demo.Demo;
import io.tagstream.launcher.demo.DemoPlan;
import io.tagstream.launcher.demo.DemoReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tagstream demo}: the whole system on this machine. */
@Command(
    name = "demo",
    description =
        "Starts a Kafka broker and a Flink cluster on this machine, sends events of a planted world"
            + " or a real log, trains on them, and shows profiles as they change.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ended cleanly, also by Ctrl-C",
      "1:broker, cluster or job failed",
      "2:wrong configuration or usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream demo",
      "  tagstream demo --duration 60s --seed 7 --json",
      "  tagstream demo --data ../data/kuairand-pure --json"
    })
final class DemoCommand implements Callable<Integer> {

  @ParentCommand private Tagstream root;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "How long events flow, such as 60s; without it, until Ctrl-C or the log's end.")
  private @Nullable Duration duration;

  @Option(
      names = "--seed",
      defaultValue = "42",
      description = "Seed of the planted world and of the learner (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--model", paramLabel = "NAME", description = "Network, as model.name has it.")
  private @Nullable String model;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of KuaiRand-Pure to play, as fast as it goes, in place of the world.")
  private @Nullable Path data;

  @Option(
      names = "--users",
      defaultValue = "500",
      description = "Population of the planted world (default: ${DEFAULT-VALUE}).")
  private int users;

  @Option(
      names = "--rate",
      defaultValue = "2000",
      description = "Events per second of the planted world (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Settings above the demo's own.")
  private @Nullable Path config;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  DemoCommand() {}

  @Override
  public Integer call() throws Exception {
    Terminal terminal = root.terminal();
    Path folder = RunFolder.current().path();
    DemoPlan plan =
        new DemoPlan(duration, seed, model, data, settings(), users, rate, Duration.ofSeconds(2));
    StopSignal stop = StopSignal.arm();
    long started = System.nanoTime() - uptimeNanos();
    Map<String, Object> summary =
        new Demo(plan, folder, started, new TerminalListener(terminal, stop)).run();
    terminal.object(Map.of("summary", summary));
    terminal.line("");
    summary.forEach((name, value) -> terminal.line(String.format("%-24s %s", name, value)));
    return ExitCode.OK;
  }

  private String settings() throws InvalidConfigurationException {
    return config == null ? "" : TagstreamConfig.text(config);
  }

  private static long uptimeNanos() {
    return java.lang.management.ManagementFactory.getRuntimeMXBean().getUptime() * 1_000_000;
  }

  private record TerminalListener(Terminal terminal, StopSignal stop) implements Demo.Listener {

    @Override
    public void progress(String text) {
      terminal.progress(text);
    }

    @Override
    public void report(DemoReport report) {
      terminal.object(report.json());
      terminal.live(report.table());
    }

    @Override
    public boolean waitOrStop(Duration time) throws InterruptedException {
      return stop.await(time);
    }
  }
}
