package io.tagstream.launcher.evaluation.report;

import io.tagstream.learner.model.GatedUnits.UnitWeight;
import io.tagstream.learner.scoring.TagGates;
import io.tagstream.learner.validation.TaskFigures;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * Reports as files of a folder, {@code METHOD.SEED.learning}, {@code .importance}, {@code .gates}
 * and {@code .units}, each as table ({@code .csv}, all of it) and chart ({@code .png}, what one can
 * take in).
 */
public final class ReportFolder {

  private static final int FIELDS_SHOWN = 20;
  private static final int TAGS_SHOWN = 40;

  private final Path folder;

  /**
   * A folder, made where it is not there.
   *
   * @throws IOException when it cannot be made, or charts cannot be drawn on this machine
   */
  public ReportFolder(Path folder) throws IOException {
    Charts.requireFonts();
    this.folder = Files.createDirectories(folder);
  }

  /** Writes what there is of a trial's model. */
  public void write(String method, long seed, ModelReport report) throws IOException {
    String name = method + "." + seed;
    learning(name, report);
    if (report.importance() != null) {
      importance(name, report.tasks(), report.importance());
    }
    if (report.gates() != null) {
      gates(name, report.gates());
    }
    if (!report.units().isEmpty()) {
      units(name, report.units());
    }
  }

  private void learning(String name, ModelReport report) throws IOException {
    List<String> header = new ArrayList<>(List.of("samples"));
    for (String task : report.tasks()) {
      header.addAll(List.of(task + " AUC", task + " GAUC", task + " log loss"));
    }
    List<List<Object>> rows = new ArrayList<>();
    for (ModelReport.CurvePoint point : report.curve()) {
      List<Object> row = new ArrayList<>(List.of(point.samples()));
      for (TaskFigures figures : point.figures()) {
        row.add(value(figures.auc()));
        row.add(value(figures.gauc()));
        row.add(value(figures.logLoss()));
      }
      rows.add(row);
    }
    table(name + ".learning", header, rows);
    Charts.lines(
        file(name + ".learning.png"),
        name + ": AUC on samples that were not learnt",
        "samples learnt",
        report.tasks(),
        report.curve().stream().mapToDouble(ModelReport.CurvePoint::samples).toArray(),
        (task, point) -> number(report.curve().get(point).figures().get(task).auc()));
  }

  private void importance(String name, List<String> tasks, ModelReport.Importance importance)
      throws IOException {
    // By the first task, as the tables of DTN's paper are.
    List<Integer> order =
        IntStream.range(0, importance.fields().size())
            .boxed()
            .sorted((a, b) -> Double.compare(importance.loss()[b][0], importance.loss()[a][0]))
            .toList();
    List<String> header = new ArrayList<>(List.of("field"));
    tasks.forEach(task -> header.add(task + " AUC lost"));
    List<List<Object>> rows = new ArrayList<>();
    for (int field : order) {
      List<Object> row = new ArrayList<>(List.of(importance.fields().get(field)));
      for (double loss : importance.loss()[field]) {
        row.add(value(loss));
      }
      rows.add(row);
    }
    table(name + ".importance", header, rows);
    List<Integer> shown = order.subList(0, Math.min(FIELDS_SHOWN, order.size()));
    Charts.bars(
        file(name + ".importance.png"),
        "%s: AUC lost when a field is permuted, of %,d samples"
            .formatted(name, importance.samples()),
        shown.stream().map(importance.fields()::get).toList(),
        tasks,
        (task, field) -> importance.loss()[shown.get(field)][task]);
  }

  private void gates(String name, TagGates gates) throws IOException {
    List<List<Object>> rows = new ArrayList<>();
    for (TagGates.OfOutput output : gates.outputs()) {
      for (int tag = 0; tag < gates.tags().size(); tag++) {
        for (int e = 0; e < output.experts().length; e++) {
          rows.add(
              List.of(
                  output.name(),
                  gates.tags().get(tag),
                  output.experts()[e],
                  value((double) output.weight(tag, e))));
        }
      }
      List<String> tags = gates.tags().subList(0, Math.min(TAGS_SHOWN, gates.tags().size()));
      Charts.heatMap(
          file(name + ".gates." + output.name() + ".png"),
          name + ": what each expert counts for tags, " + output.name(),
          IntStream.of(output.experts()).mapToObj(expert -> "expert " + expert).toList(),
          tags,
          (expert, tag) -> output.weight(tag, expert));
    }
    table(name + ".gates", List.of("output", "tag", "expert", "weight"), rows);
  }

  private void units(String name, List<UnitWeight> units) throws IOException {
    List<String> tasks = units.stream().map(UnitWeight::task).distinct().toList();
    List<List<Object>> rows = new ArrayList<>();
    Map<String, Map<String, Float>> byUnit = new LinkedHashMap<>();
    for (UnitWeight weight : units) {
      String unit = weight.unit().configName();
      rows.add(List.of(weight.task(), weight.module(), unit, value((double) weight.mean())));
      byUnit
          .computeIfAbsent(weight.module() + " " + unit, key -> new HashMap<>())
          .put(weight.task(), weight.mean());
    }
    table(name + ".units", List.of("task", "module", "unit", "weight"), rows);
    List<String> shown = List.copyOf(byUnit.keySet());
    Charts.bars(
        file(name + ".units.png"),
        name + ": what each task's gates weigh (of its own module, and of the others, 1 together)",
        shown,
        tasks,
        (task, unit) -> {
          Float weight = byUnit.getOrDefault(shown.get(unit), Map.of()).get(tasks.get(task));
          return weight == null ? Double.NaN : weight;
        });
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private void table(String name, List<String> header, List<List<Object>> rows) throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader(header.toArray(String[]::new)).get();
    try (Writer writer = Files.newBufferedWriter(file(name + ".csv"));
        CSVPrinter printer = new CSVPrinter(writer, format)) {
      for (List<Object> row : rows) {
        printer.printRecord(row);
      }
    }
  }

  /** An empty cell for what is not defined. */
  private static String value(@Nullable Double value) {
    return value == null || value.isNaN() ? "" : String.format(Locale.ROOT, "%.5f", value);
  }

  private static double number(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }
}
