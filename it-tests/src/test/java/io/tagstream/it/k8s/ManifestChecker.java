package io.tagstream.it.k8s;

import io.tagstream.it.FlinkOptions;
import java.nio.file.Path;
import java.util.List;

/** All rules. */
final class ManifestChecker {

  private final List<ManifestRule> rules;

  /**
   * A checker.
   *
   * @param readme which names the secrets that somebody else must create
   * @param version of Tagstream
   */
  ManifestChecker(Path readme, String version) throws Exception {
    FlinkOptions options = FlinkOptions.collect();
    rules =
        List.of(
            new KnownFields(),
            new DeploymentSchema(),
            new FlinkDeploymentRule(version),
            new FlinkOptionRule(options),
            new FlinkMemoryRule(),
            new MergedListsRule(),
            new SettingsRule(),
            new TopicsRule(),
            new ReferenceRule(readme),
            new SelectorRule());
  }

  /** Every mistake. */
  List<ManifestProblem> check(Manifests manifests) {
    return rules.stream().flatMap(rule -> rule.check(manifests).stream()).toList();
  }
}
