package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.config.ModelName;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.evaluation.Evaluations;
import io.tagstream.launcher.evaluation.report.ModelReport;
import io.tagstream.launcher.evaluation.report.ReportFolder;
import io.tagstream.launcher.evaluation.trial.Evaluation;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.launcher.evaluation.trial.TrialObserver;
import io.tagstream.launcher.evaluation.trial.TrialTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tagstream evaluate}: what each model is worth on published data. */
@Command(
    name = "evaluate",
    description =
        "Compares models by the protocols of their papers and prints mean, spread and best over"
            + " seeds.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every trial has its figures, whatever they are",
      "1:the data cannot be read, or a trial failed",
      "2:wrong usage, or a mistake in the settings"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream evaluate --list",
      "  tagstream evaluate census --data census-income",
      "  tagstream evaluate census --data census-income --models mmoe,ple --seeds 1 --config my.yaml",
      "  tagstream evaluate planted --models mvke,combined --seeds 1 --report charts"
    })
final class EvaluateCommand implements Callable<Integer> {

  @ParentCommand private Tagstream root;
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Which comparison; see --list.")
  private @Nullable String name;

  @Option(names = "--list", description = "Names the comparisons with their methods.")
  private boolean list;

  @Option(
      names = {"-d", "--data"},
      paramLabel = "DIR",
      description = "Folder of the data set, as published: plain files or xz.")
  private @Nullable Path data;

  @Option(
      names = {"-m", "--models"},
      paramLabel = "NAME",
      split = ",",
      description = {
        "Which methods; all without it. A network may be varied: mvke+own-tags+gamma-off.",
        "Variations: " + ModelName.VARIATIONS
      })
  private List<String> models = List.of();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2,3,4,5",
      description = "A trial for each (default: ${DEFAULT-VALUE}).")
  private List<Long> seeds = List.of();

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Settings of the learner, above the protocol's own.")
  private @Nullable Path settings;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Trials at the same time, a thread each; the number of processors without it.")
  private int parallel = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Writes what became of each network into this folder, as tables and charts: learning"
              + " curves, the importance of features, which experts serve which tags, what units weigh"
              + " (census, kuairand, kuairand-tabs, planted).")
  private @Nullable Path report;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  EvaluateCommand() {}

  /** One trial to be made. */
  private record Trial(String method, long seed, TagstreamConfig config) {}

  @Override
  public Integer call() throws Exception {
    if (list) {
      Evaluations.all().forEach(this::describe);
      return ExitCode.OK;
    }
    Evaluation evaluation = chosen();
    List<String> methods = methods(evaluation);
    ReportFolder reports = report == null ? null : new ReportFolder(report);
    Protocol protocol = evaluation.open(data);
    List<Trial> trials = trials(protocol, methods);
    Terminal terminal = root.terminal();
    terminal.progress(evaluation.name() + ": " + protocol.data());
    TrialTable table = new TrialTable(methods);
    Path scratch = Files.createDirectories(RunFolder.current().path().resolve("evaluate"));
    try {
      protocol.prepare(trials.get(0).config(), scratch);
      run(protocol, trials, table, evaluation.name(), reports);
    } finally {
      // After a failure, what was learnt until then.
      table.lines().forEach(terminal::line);
      RunFolder.delete(scratch);
    }
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("evaluation", evaluation.name());
    summary.put("data", protocol.data());
    summary.put("seeds", seeds);
    summary.put("methods", table.rows());
    terminal.object(summary);
    return ExitCode.OK;
  }

  private void describe(Evaluation evaluation) {
    Terminal terminal = root.terminal();
    terminal.line(String.format("%-12s %s", evaluation.name(), evaluation.summary()));
    terminal.line(String.format("%-12s   %s", "", String.join(", ", evaluation.methods())));
    terminal.object(
        Map.of(
            "evaluation", evaluation.name(),
            "summary", evaluation.summary(),
            "methods", evaluation.methods()));
  }

  private Evaluation chosen() {
    List<String> known = Evaluations.all().stream().map(Evaluation::name).toList();
    if (name == null || !known.contains(name)) {
      throw usage((name == null ? "no name" : name) + " - name one of " + known);
    }
    Evaluation evaluation = Evaluations.all().get(known.indexOf(name));
    if (report != null && !evaluation.reports()) {
      List<String> reporting =
          Evaluations.all().stream().filter(Evaluation::reports).map(Evaluation::name).toList();
      throw usage("--report: " + name + " - reports on no models; " + reporting + " do");
    }
    if (parallel < 1) {
      throw usage("--parallel: " + parallel + " - must be positive");
    }
    return evaluation;
  }

  private List<String> methods(Evaluation evaluation) {
    for (String model : models) {
      // A listed network may be varied: mvke+gamma-off.
      if (!evaluation.methods().contains(model.split("\\+", 2)[0])) {
        throw usage("--models: " + model + " - is none of " + evaluation.methods());
      }
      try {
        if (!evaluation.methods().contains(model)) {
          ModelName.parse(model);
        }
      } catch (IllegalArgumentException e) {
        throw usage("--models: " + e.getMessage());
      }
    }
    return models.isEmpty() ? evaluation.methods() : models;
  }

  private CommandLine.ParameterException usage(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }

  /** Settings are read first: a mistake in them shows before hours of training. */
  private List<Trial> trials(Protocol protocol, List<String> methods)
      throws InvalidConfigurationException {
    String own = settings == null ? "" : TagstreamConfig.text(settings);
    String source = settings == null ? "the protocol's settings" : settings.toString();
    List<Trial> trials = new ArrayList<>();
    for (long seed : seeds) {
      for (String method : methods) {
        TagstreamConfig config =
            TagstreamConfig.parse(
                source, protocol.settings(method), ModelName.settingsOf(method), own);
        trials.add(new Trial(method, seed, config));
      }
    }
    return trials;
  }

  private void run(
      Protocol protocol,
      List<Trial> trials,
      TrialTable table,
      String name,
      @Nullable ReportFolder reports)
      throws Exception {
    Terminal terminal = root.terminal();
    long records =
        trials.stream().mapToLong(trial -> protocol.recordsPerTrial(trial.method())).sum();
    AtomicLong trained = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(parallel);
    try (Progress progress = new Progress(terminal, name, records)) {
      List<Future<Map<String, Double>>> running = new ArrayList<>();
      for (Trial trial : trials) {
        running.add(
            threads.submit(
                () ->
                    protocol.trial(
                        trial.method(),
                        trial.config(),
                        trial.seed(),
                        new Observer(trial, trained, progress, reports))));
      }
      for (int n = 0; n < trials.size(); n++) {
        Trial trial = trials.get(n);
        Map<String, Double> figures = figures(trial, running.get(n));
        table.add(trial.method(), figures);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("method", trial.method());
        line.put("seed", trial.seed());
        line.putAll(figures);
        terminal.object(line);
        terminal.progress(line.toString());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Shows how far trials are, and writes their reports. */
  private record Observer(
      Trial trial, AtomicLong trained, Progress progress, @Nullable ReportFolder reports)
      implements TrialObserver {

    @Override
    public void gone(long records) {
      progress.at(trained.addAndGet(records));
    }

    @Override
    public boolean wantsReport() {
      return reports != null;
    }

    @Override
    public void learnt(ModelReport report) {
      if (reports != null) {
        try {
          reports.write(trial.method(), trial.seed(), report);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private static Map<String, Double> figures(Trial trial, Future<Map<String, Double>> running)
      throws Exception {
    try {
      return running.get();
    } catch (ExecutionException e) {
      throw new CommandFailure(
          "%s with seed %d: %s".formatted(trial.method(), trial.seed(), e.getCause()), e);
    }
  }
}
