package io.tagstream.launcher.evaluation.census;

import io.tagstream.launcher.dataset.DatasetFile;
import io.tagstream.schemas.FeatureIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * One file of people. A category is a feature of its own; a quantity is its value and the interval
 * it lies in, of {@value #INTERVALS} equally frequent ones among the training file's values other
 * than 0.
 */
final class CensusPeople {

  private static final int INTERVALS = 32;
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setIgnoreSurroundingSpaces(true).get();

  private final List<List<String>> rows;

  private CensusPeople(List<List<String>> rows) {
    this.rows = rows;
  }

  /**
   * Reads a file.
   *
   * @throws IOException when it is missing or a line has other columns; the message names it
   */
  static CensusPeople read(Path folder, String file) throws IOException {
    Path path = DatasetFile.find(folder, "Census-Income (KDD)", file).get(0);
    List<List<String>> rows = new ArrayList<>();
    List<Long> wrong = new ArrayList<>();
    DatasetFile.read(
        path,
        FORMAT,
        List.of(),
        row -> {
          if (row.size() == CensusColumns.NAMES.size()) {
            requireQuantities(row);
            rows.add(row.toList());
          } else {
            wrong.add(row.getRecordNumber());
          }
        });
    if (!wrong.isEmpty()) {
      throw new IOException(
          "data: %s - line %d has other columns than the published %d; %d lines have"
              .formatted(path, wrong.get(0), CensusColumns.NAMES.size(), wrong.size()));
    }
    return new CensusPeople(rows);
  }

  private static void requireQuantities(CSVRecord row) {
    for (String column : CensusColumns.QUANTITIES) {
      String value = row.get(CensusColumns.NAMES.indexOf(column));
      try {
        Double.parseDouble(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(column + ": " + value + " - must be a number", e);
      }
    }
  }

  int count() {
    return rows.size();
  }

  /** {@code [people]}: whether the income is above 50,000. */
  boolean[] aboveFiftyThousand() {
    return where(CensusColumns.INCOME, CensusColumns.ABOVE_50K);
  }

  /** {@code [people]}: whether never married. */
  boolean[] neverMarried() {
    return where(CensusColumns.MARITAL_STATUS, CensusColumns.NEVER_MARRIED);
  }

  private boolean[] where(String column, String value) {
    int at = CensusColumns.NAMES.indexOf(column);
    boolean[] is = new boolean[rows.size()];
    for (int row = 0; row < is.length; row++) {
      is[row] = rows.get(row).get(at).equals(value);
    }
    return is;
  }

  /** Upper bounds of each quantity's intervals, by column. */
  Map<String, double[]> intervals() {
    Map<String, double[]> intervals = new HashMap<>();
    for (String column : CensusColumns.QUANTITIES) {
      int at = CensusColumns.NAMES.indexOf(column);
      double[] values =
          rows.stream()
              .mapToDouble(row -> Double.parseDouble(row.get(at)))
              .filter(value -> value != 0)
              .sorted()
              .toArray();
      double[] bounds = new double[values.length == 0 ? 0 : INTERVALS - 1];
      for (int n = 0; n < bounds.length; n++) {
        bounds[n] = values[(int) ((n + 1L) * values.length / INTERVALS)];
      }
      intervals.put(column, Arrays.stream(bounds).distinct().toArray());
    }
    return intervals;
  }

  /**
   * Feature ids of every person, in the order of {@link CensusColumns#FEATURES}.
   *
   * @param intervals of the training file
   */
  CensusFeatures features(Map<String, double[]> intervals) {
    CensusFeatures features = new CensusFeatures(rows.size());
    for (List<String> row : rows) {
      for (String column : CensusColumns.FEATURES) {
        String value = row.get(CensusColumns.NAMES.indexOf(column));
        double[] bounds = intervals.get(column);
        if (bounds == null) {
          features.add(FeatureIds.of(column, value));
        } else {
          int interval = Arrays.binarySearch(bounds, Double.parseDouble(value));
          features.add(
              FeatureIds.of(column, value),
              FeatureIds.of(
                  column + " interval", String.valueOf(interval < 0 ? ~interval : interval)));
        }
      }
    }
    return features;
  }
}
