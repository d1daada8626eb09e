package io.tagstream.launcher.evaluation.trial;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figures of trials by method: mean, standard deviation and best over seeds. Thread-safe. */
public final class TrialTable {

  /**
   * A figure of a method.
   *
   * @param mean over seeds
   * @param deviation standard deviation over seeds (of the sample); 0 with one seed
   * @param best the largest; of a log loss and of a lag the smallest
   * @param trials how many
   */
  public record Figure(double mean, double deviation, double best, int trials) {}

  private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();

  /** A table whose rows are in this order. */
  public TrialTable(List<String> methods) {
    methods.forEach(method -> figures.put(method, new LinkedHashMap<>()));
  }

  /** Adds a trial of a method. */
  public synchronized void add(String method, Map<String, Double> trial) {
    Map<String, List<Double>> row = figures.computeIfAbsent(method, name -> new LinkedHashMap<>());
    trial.forEach((name, value) -> row.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
  }

  /** Figures by method and name. */
  public synchronized Map<String, Map<String, Figure>> rows() {
    Map<String, Map<String, Figure>> rows = new LinkedHashMap<>();
    figures.forEach(
        (method, row) -> {
          Map<String, Figure> of = new LinkedHashMap<>();
          row.forEach((name, values) -> of.put(name, figure(name, values)));
          rows.put(method, of);
        });
    return rows;
  }

  private static Figure figure(String name, List<Double> values) {
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    double deviation = values.size() < 2 ? 0 : Math.sqrt(squares / (values.size() - 1));
    double best =
        name.contains("loss") || name.contains("lag")
            ? values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN)
            : values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    return new Figure(mean, deviation, best, values.size());
  }

  /** The table in Markdown, a line each: {@code mean ± deviation (best)}. */
  public List<String> lines() {
    Map<String, Map<String, Figure>> rows = rows();
    List<String> names = new ArrayList<>();
    rows.values()
        .forEach(row -> row.keySet().stream().filter(n -> !names.contains(n)).forEach(names::add));
    List<String> lines = new ArrayList<>();
    lines.add("| method | " + String.join(" | ", names) + " |");
    lines.add("| --- |" + " --- |".repeat(names.size()));
    rows.forEach(
        (method, row) -> {
          StringBuilder line = new StringBuilder("| " + method + " |");
          for (String name : names) {
            Figure figure = row.get(name);
            line.append(' ').append(figure == null ? "" : text(figure)).append(" |");
          }
          if (!row.isEmpty()) {
            lines.add(line.toString());
          }
        });
    return lines;
  }

  private static String text(Figure figure) {
    if (Math.abs(figure.mean()) >= 10) {
      return String.format(Locale.ROOT, "%,.0f", figure.mean());
    }
    return figure.trials() < 2
        ? String.format(Locale.ROOT, "%.4f", figure.mean())
        : String.format(
            Locale.ROOT, "%.4f ± %.4f (%.4f)", figure.mean(), figure.deviation(), figure.best());
  }
}
