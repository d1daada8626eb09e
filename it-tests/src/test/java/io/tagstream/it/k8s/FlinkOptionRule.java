package io.tagstream.it.k8s;

import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.job.FlinkSettings;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * Every Flink option is one, has a value of its type, and is none that the job sets itself: Flink
 * ignores the first, fails at the second, and the job overrules the third.
 */
final class FlinkOptionRule implements ManifestRule {

  private static final String NAME = "flink-option";

  private final FlinkOptions options;

  FlinkOptionRule(FlinkOptions options) {
    this.options = options;
  }

  @Override
  public List<ManifestProblem> check(Manifests manifests) {
    Problems problems = new Problems(NAME);
    Set<String> ofJob = setByJob(manifests);
    for (Manifest manifest : manifests.of(Manifest.FLINK_DEPLOYMENT)) {
      manifest
          .flinkConfiguration()
          .forEach(
              (key, value) -> {
                String field = "spec.flinkConfiguration." + key;
                Optional<ConfigOption<?>> option = options.find(key);
                if (option.isEmpty()) {
                  problems.add(manifest, field, "there is no such option, or it is deprecated");
                } else {
                  parse(manifest, field, option.get(), value, problems);
                }
                if (ofJob.contains(key)) {
                  problems.add(manifest, field, "the job sets it, from tagstream.yaml");
                }
              });
    }
    return problems.all();
  }

  private static Set<String> setByJob(Manifests manifests) {
    try {
      return FlinkSettings.ofJob(manifests.settings()).keySet();
    } catch (InvalidConfigurationException | NoSuchElementException e) {
      return Set.of(); // another rule says so
    }
  }

  private static void parse(
      Manifest manifest, String field, ConfigOption<?> option, String value, Problems problems) {
    Configuration configuration = new Configuration();
    configuration.setString(option.key(), value);
    try {
      configuration.getOptional(option);
    } catch (IllegalArgumentException e) {
      problems.add(manifest, field, value + " - " + e.getMessage());
    }
  }
}
