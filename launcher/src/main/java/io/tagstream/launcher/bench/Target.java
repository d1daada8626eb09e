package io.tagstream.launcher.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A figure and what is hoped of it. Missing it fails nothing.
 *
 * @param figure its name
 * @param value as measured
 * @param bound what it is held against
 * @param lowerBound whether the bound is a least value; else it is a largest one
 */
public record Target(String figure, double value, double bound, boolean lowerBound) {

  static Target atLeast(String figure, double value, double bound) {
    return new Target(figure, value, bound, true);
  }

  static Target atMost(String figure, double value, double bound) {
    return new Target(figure, value, bound, false);
  }

  /** Whether it was reached; a value that is no number never is. */
  public boolean met() {
    return lowerBound ? value >= bound : value <= bound;
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("figure", figure);
    json.put("value", Figures.rounded(value));
    json.put(lowerBound ? "atLeast" : "atMost", bound);
    json.put("met", met());
    return json;
  }
}
