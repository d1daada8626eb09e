package io.tagstream.launcher.cli;

import io.tagstream.launcher.bench.Benchmark;
import io.tagstream.launcher.bench.Benchmarks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
    description = "Runs benchmarks and prints their figures.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  tagstream bench --list", "  tagstream bench --json > figures.json"})
final class BenchCommand implements Callable<Integer> {

  @ParentCommand private Tagstream root;
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "NAME", description = "Which ones; all without a name.")
  private List<String> names = List.of();

  @Option(names = "--list", description = "Names the benchmarks and measures nothing.")
  private boolean list;

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
    for (Benchmark benchmark : all) {
      if (list) {
        terminal.line(String.format("%-24s %s", benchmark.name(), benchmark.summary()));
        terminal.object(Map.of("benchmark", benchmark.name(), "summary", benchmark.summary()));
      } else if (names.isEmpty() || names.contains(benchmark.name())) {
        measure(benchmark, terminal);
      }
    }
    return ExitCode.OK;
  }

  private static void measure(Benchmark benchmark, Terminal terminal) throws Exception {
    terminal.progress(benchmark.name() + ": " + benchmark.summary());
    Path scratch =
        Files.createDirectories(RunFolder.current().path().resolve("bench-" + benchmark.name()));
    try {
      Map<String, Object> figures = benchmark.run(scratch, terminal::progress);
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("benchmark", benchmark.name());
      result.put("figures", figures);
      terminal.object(result);
      terminal.line(benchmark.name());
      figures.forEach((name, value) -> terminal.line(String.format("  %-36s %s", name, value)));
    } finally {
      RunFolder.delete(scratch);
    }
  }
}
