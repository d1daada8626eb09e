package io.tagstream.launcher.cli;

import io.tagstream.launcher.bench.BenchRun;
import io.tagstream.launcher.bench.Benchmark;
import io.tagstream.launcher.bench.Benchmarks;
import io.tagstream.launcher.bench.Outcome;
import io.tagstream.launcher.bench.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tagstream bench}: measures this machine. */
@Command(
    name = "bench",
    description =
        "Runs benchmarks and prints their figures. A missed target is shown, and is no failure.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything was measured, whatever the figures",
      "1:something could not be measured",
      "2:wrong usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream bench --list",
      "  tagstream bench training scoring --scale 0.1",
      "  tagstream bench --json > figures.json"
    })
final class BenchCommand implements Callable<Integer> {

  @ParentCommand private Tagstream root;
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "NAME", description = "Which ones; all without a name.")
  private List<String> names = List.of();

  @Option(names = "--list", description = "Names the benchmarks and measures nothing.")
  private boolean list;

  @Option(
      names = "--scale",
      paramLabel = "F",
      defaultValue = "1",
      description =
          "Factor on table sizes, populations and times; figures below 1 are for trying out"
              + " (default: ${DEFAULT-VALUE}).")
  private double scale;

  @Option(
      names = "--seed",
      defaultValue = "42",
      description = "Everything random follows from it (default: ${DEFAULT-VALUE}).")
  private long seed;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  BenchCommand() {}

  @Override
  public Integer call() throws Exception {
    List<Benchmark> all = Benchmarks.all();
    List<String> known = all.stream().map(Benchmark::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), name + " - is no benchmark; there are " + known);
      }
    }
    Terminal terminal = root.terminal();
    boolean measured = true;
    for (Benchmark benchmark : all) {
      if (list) {
        terminal.line(String.format("%-12s %s", benchmark.name(), benchmark.summary()));
        terminal.object(Map.of("benchmark", benchmark.name(), "summary", benchmark.summary()));
      } else if (names.isEmpty() || names.contains(benchmark.name())) {
        measured &= measure(benchmark, terminal);
      }
    }
    return measured ? ExitCode.OK : ExitCode.FAILURE;
  }

  /** One benchmark; one that cannot be measured does not keep the others from it. */
  private boolean measure(Benchmark benchmark, Terminal terminal)
      throws IOException, InterruptedException {
    terminal.progress(benchmark.name() + ": " + benchmark.summary());
    Path scratch =
        Files.createDirectories(RunFolder.current().path().resolve("bench-" + benchmark.name()));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("benchmark", benchmark.name());
    result.put("seed", seed);
    result.put("scale", scale);
    terminal.line(benchmark.name());
    try {
      BenchRun run =
          new BenchRun(
              seed, scale, scratch, text -> terminal.progress(benchmark.name() + ": " + text));
      long start = System.nanoTime();
      Outcome outcome = benchmark.measure(run);
      result.put("seconds", Math.round((System.nanoTime() - start) / 1e9));
      result.putAll(outcome.json());
      terminal.object(result);
      show(outcome, terminal);
      return true;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      LoggerFactory.getLogger(BenchCommand.class).error("{} failed", benchmark.name(), e);
      result.put("error", String.valueOf(e.getMessage()));
      terminal.object(result);
      terminal.progress(benchmark.name() + ": not measured: " + e.getMessage());
      return false;
    } finally {
      RunFolder.delete(scratch);
    }
  }

  private static void show(Outcome outcome, Terminal terminal) {
    for (Target target : outcome.targets()) {
      terminal.line(
          String.format(
              "  %-32s %,.4g (%s %,.4g: %s)",
              target.figure(),
              target.value(),
              target.lowerBound() ? "at least" : "at most",
              target.bound(),
              target.met() ? "met" : "missed"));
    }
    outcome.figures().forEach((name, value) -> terminal.line(row(name, value)));
    outcome.configuration().forEach((name, value) -> terminal.line(row("[" + name + "]", value)));
  }

  private static String row(String name, Object value) {
    return String.format("  %-32s %s", name, value);
  }
}
