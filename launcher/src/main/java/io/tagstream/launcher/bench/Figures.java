package io.tagstream.launcher.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Figures as they are shown: as many digits as a measurement has. */
final class Figures {

  private static final MathContext DIGITS = new MathContext(4);

  private Figures() {}

  /** The same with four digits; null where there is no number, because JSON has none for it. */
  static @Nullable Double rounded(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value).round(DIGITS).doubleValue()
        : (Double) null;
  }

  /** The same with its fractions rounded, maps within it too. */
  static Map<String, Object> rounded(Map<String, Object> figures) {
    Map<String, Object> rounded = new LinkedHashMap<>();
    figures.forEach((name, value) -> rounded.put(name, shown(value)));
    return rounded;
  }

  private static Object shown(Object value) {
    if (value instanceof Double number) {
      Double figure = rounded(number);
      return figure == null ? String.valueOf(number) : figure;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> inner = new LinkedHashMap<>();
      map.forEach((name, part) -> inner.put(String.valueOf(name), shown(part)));
      return inner;
    }
    return value;
  }

  /** Middle of some values; not a number where there are none. */
  static double median(double[] values) {
    return quantile(values, 0.5);
  }

  /** The value that the given share of values does not exceed. */
  static double quantile(double[] values, double share) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
