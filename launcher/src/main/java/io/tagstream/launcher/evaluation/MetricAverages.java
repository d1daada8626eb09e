package io.tagstream.launcher.evaluation;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Sums metrics of users by method, group and day, and averages them. */
final class MetricAverages {

  private record Cell(String method, String users) {}

  private static final class Mean {
    private double sum;
    private long count;

    void add(double value, long weight) {
      sum += value;
      count += weight;
    }
  }

  private static final class DayMetrics {
    private int users;
    private final Map<String, Mean> means = new LinkedHashMap<>();
  }

  private final Map<Cell, Map<LocalDate, DayMetrics>> cells = new LinkedHashMap<>();

  void add(String method, String users, LocalDate day, Map<String, Double> metrics) {
    DayMetrics of =
        cells
            .computeIfAbsent(new Cell(method, users), c -> new TreeMap<>())
            .computeIfAbsent(day, d -> new DayMetrics());
    of.users++;
    metrics.forEach((name, value) -> of.means.computeIfAbsent(name, n -> new Mean()).add(value, 1));
  }

  /** Rows over the days that are wanted. */
  List<NextDayTable.Row> rows(Predicate<LocalDate> wanted) {
    List<NextDayTable.Row> rows = new ArrayList<>();
    cells.forEach(
        (cell, all) -> {
          Map<LocalDate, DayMetrics> days = new TreeMap<>(all);
          days.keySet().removeIf(wanted.negate());
          int userDays = days.values().stream().mapToInt(d -> d.users).sum();
          rows.add(
              new NextDayTable.Row(
                  cell.method(), cell.users(), "micro", userDays, averages(days, false)));
          rows.add(
              new NextDayTable.Row(
                  cell.method(), cell.users(), "perDay", userDays, averages(days, true)));
        });
    return rows;
  }

  private static Map<String, Double> averages(Map<LocalDate, DayMetrics> days, boolean perDay) {
    Map<String, Mean> totals = new LinkedHashMap<>();
    for (DayMetrics day : days.values()) {
      day.means.forEach(
          (name, mean) -> {
            Mean total = totals.computeIfAbsent(name, n -> new Mean());
            if (perDay) {
              total.add(mean.sum / mean.count, 1);
            } else {
              total.add(mean.sum, mean.count);
            }
          });
    }
    Map<String, Double> averages = new LinkedHashMap<>();
    totals.forEach((name, mean) -> averages.put(name, mean.sum / mean.count));
    return averages;
  }
}
