package io.tagstream.launcher.config;

import io.tagstream.learner.Network;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A network with variations, as {@code mvke+own-tags+gamma-off}: each changes one setting, so that
 * what a part is worth can be read from two rows of a table.
 *
 * @param network which network
 * @param variations in the order given
 */
public record ModelName(Network network, List<String> variations) {

  /** For help texts. */
  public static final String VARIATIONS =
      "own-tags, no-own-tags, tag-prior, no-tag-prior, calibration, no-calibration, gamma-sample,"
          + " gamma-mean, gamma-prediction, gamma-off, negatives-N, negatives-in-tasks,"
          + " equal-credit, credit-equal, credit-subset, credit-sharing, credit-containing,"
          + " pooled-tags, pkm, no-mapping, no-interactions, transfer";

  private static final String NEGATIVES = "negatives-";

  private static final Map<String, String> SETTINGS =
      new TreeMap<>(
          Map.of(
              "own-tags", "model.own-tags: true",
              "no-own-tags", "model.own-tags: false",
              "gamma-sample", "stage.gamma: sample",
              "gamma-mean", "stage.gamma: mean",
              "gamma-prediction", "stage.gamma: prediction",
              "gamma-off", "stage.gamma: 'off'",
              "tag-prior", "model.tag-prior: true",
              "no-tag-prior", "model.tag-prior: false",
              // A softmax this warm gives every tag of a click the same.
              "equal-credit", "credit.temperature: 1.0e9"));

  static {
    SETTINGS.put("calibration", "model.calibration: true");
    SETTINGS.put("no-calibration", "model.calibration: false");
    SETTINGS.put("pooled-tags", "batch.tags-input: pooled");
    SETTINGS.put("pkm", "model.ctmvm.mapping: pkm");
    SETTINGS.put("no-mapping", "model.ctmvm.mapping: none");
    SETTINGS.put("no-interactions", "model.combined.units: []");
    SETTINGS.put("transfer", "model.combined.transfer: true");
    SETTINGS.put("negatives-in-tasks", "negatives.output: tasks");
    for (String reading : List.of("equal", "subset", "sharing", "containing")) {
      SETTINGS.put("credit-" + reading, "credit.reading: " + reading);
    }
  }

  public ModelName {
    variations = List.copyOf(variations);
  }

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException when it names no network or no variation
   */
  public static ModelName parse(String name) {
    List<String> parts = List.of(name.split("\\+", -1));
    Network network =
        Network.named(parts.get(0))
            .orElseThrow(() -> new IllegalArgumentException(parts.get(0) + " - is no network"));
    List<String> variations = parts.subList(1, parts.size());
    for (String variation : variations) {
      if (!SETTINGS.containsKey(variation) && !variation.matches(NEGATIVES + "\\d{1,3}")) {
        throw new IllegalArgumentException(
            name + " - has no variation '" + variation + "'; there are " + VARIATIONS);
      }
    }
    return new ModelName(network, variations);
  }

  /** What a name changes, a line of YAML each; nothing where it is no network's. */
  public static String settingsOf(String name) {
    return Network.named(name.split("\\+", 2)[0]).isPresent() ? parse(name).settings() : "";
  }

  /** What it changes, a line of YAML each. */
  public String settings() {
    StringBuilder yaml = new StringBuilder("model.name: " + network.configName() + "\n");
    for (String variation : variations) {
      // By name first: negatives-in-tasks is no number of negatives.
      String setting = SETTINGS.get(variation);
      yaml.append(
              setting == null
                  ? "negatives.per-impression: " + variation.substring(NEGATIVES.length())
                  : setting)
          .append('\n');
    }
    return yaml.toString();
  }
}
