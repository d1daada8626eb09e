package io.tagstream.it.k8s;

import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.config.TagstreamConfig;
import java.util.List;
import java.util.Optional;

/** Tagstream reads its settings, and what they name is there. */
final class SettingsRule implements ManifestRule {

  private static final String NAME = "tagstream-settings";
  private static final String FIELD = "data." + Manifests.SETTINGS_FILE;

  @Override
  public List<ManifestProblem> check(Manifests manifests) {
    Problems problems = new Problems(NAME);
    Optional<Manifest> map = manifests.settingsMap();
    if (map.isEmpty()) {
      manifests
          .of(Manifest.FLINK_DEPLOYMENT)
          .forEach(each -> problems.add(each, "spec.job.args", "no ConfigMap has tagstream.yaml"));
      return problems.all();
    }
    try {
      inside(manifests, map.get(), manifests.settings(), problems);
    } catch (InvalidConfigurationException e) {
      e.problems()
          .forEach(each -> problems.add(map.get(), FIELD + " " + each.key(), each.message()));
    }
    return problems.all();
  }

  private static void inside(
      Manifests manifests, Manifest map, TagstreamConfig settings, Problems problems) {
    if (!settings.state().checkpointDirectory().isEmpty()) {
      problems.add(
          map,
          FIELD + " checkpoints.directory",
          "belongs to the FlinkDeployment, where the operator and high availability read it");
    }
    String models = settings.snapshots().directory();
    if (!models.isEmpty()) {
      manifests.of(Manifest.FLINK_DEPLOYMENT).stream()
          .filter(each -> !each.name().endsWith("-features"))
          .filter(each -> !Volumes.claimed(each, models))
          .forEach(
              each ->
                  problems.add(
                      map,
                      FIELD + " snapshots.directory",
                      models + " - is on the own disk of the pods of " + each.id()));
    }
    settings
        .kafka()
        .properties()
        .values()
        .forEach(value -> credentials(manifests, map, value, problems));
  }

  /** A file that a client property names lies on a volume of the main container. */
  private static void credentials(
      Manifests manifests, Manifest map, String value, Problems problems) {
    String path = value.replaceFirst("^\\$\\{[^:]*:([^:]*):.*}$", "$1");
    if (!path.startsWith("/")) {
      return;
    }
    manifests.of(Manifest.FLINK_DEPLOYMENT).stream()
        .filter(each -> !Volumes.mounted(each, path))
        .forEach(
            each ->
                problems.add(
                    map, FIELD + " kafka.properties", path + " - is on no volume of " + each.id()));
  }
}
