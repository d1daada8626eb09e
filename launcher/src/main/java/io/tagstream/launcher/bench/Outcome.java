package io.tagstream.launcher.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a benchmark measured.
 *
 * @param targets the figures that something is hoped of
 * @param figures figures by name, in the order they are shown: numbers, texts, or maps of them
 * @param configuration under which settings and on what input it was measured
 */
public record Outcome(
    List<Target> targets, Map<String, Object> figures, Map<String, Object> configuration) {

  public Outcome {
    targets = List.copyOf(targets);
    figures = Figures.rounded(figures);
    configuration = Figures.rounded(configuration);
  }

  /** Whether every target was reached. */
  public boolean met() {
    return targets.stream().allMatch(Target::met);
  }

  /** As it is written as JSON. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    if (!targets.isEmpty()) {
      json.put("met", met());
      json.put("targets", targets.stream().map(Target::json).toList());
    }
    json.put("figures", figures);
    json.put("configuration", configuration);
    return json;
  }
}
