package io.tagstream.it.k8s;

import io.tagstream.it.FlinkOptions;
import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.job.FlinkSettings;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Every Flink option is one, has a value of its type, and is none that the job sets itself: Flink
 * ignores the first, fails at the second, and the job overrules the third.
 */
final class FlinkOptionRule implements ManifestRule {

  private static final String NAME = "flink-option";
  private static final String FIELD = "spec.flinkConfiguration.";

  private final FlinkOptions options;

  FlinkOptionRule(FlinkOptions options) {
    this.options = options;
  }

  @Override
  public List<ManifestProblem> check(Manifests manifests) {
    Problems problems = new Problems(NAME);
    Set<String> ofJob = setByJob(manifests);
    for (Manifest manifest : manifests.of(Manifest.FLINK_DEPLOYMENT)) {
      options
          .problems(manifest.flinkConfiguration())
          .forEach((key, problem) -> problems.add(manifest, FIELD + key, problem));
      manifest.flinkConfiguration().keySet().stream()
          .filter(ofJob::contains)
          .forEach(
              key -> problems.add(manifest, FIELD + key, "the job sets it, from tagstream.yaml"));
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
}
