package io.tagstream.it.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.tagstream.launcher.cli.ClusterJob;
import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.config.TagstreamConfig;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.runtime.util.EnvironmentInformation;
import picocli.CommandLine.ParameterException;

/** A FlinkDeployment starts our job, of our image, on the Flink it is built with. */
final class FlinkDeploymentRule implements ManifestRule {

  private static final String NAME = "deployment";
  private static final String FLINK_VERSION = "v2_2";
  private static final String JAR = "local:///opt/flink/usrlib/launcher-%s.jar";
  private static final String PLUGINS = "ENABLE_BUILT_IN_PLUGINS";

  private final String jar;

  /**
   * A rule.
   *
   * @param version of Tagstream
   */
  FlinkDeploymentRule(String version) {
    this.jar = JAR.formatted(version);
  }

  @Override
  public List<ManifestProblem> check(Manifests manifests) {
    Problems problems = new Problems(NAME);
    for (Manifest each : manifests.of(Manifest.FLINK_DEPLOYMENT)) {
      equal(each, "spec.flinkVersion", FLINK_VERSION, problems);
      equal(each, "spec.mode", "native", problems);
      equal(each, "spec.job.entryClass", ClusterJob.class.getName(), problems);
      equal(each, "spec.job.jarURI", jar, problems);
      arguments(manifests, each, problems);
      plugins(each, problems);
      durable(each, problems);
      parallelism(manifests, each, problems);
    }
    return problems.all();
  }

  private static JsonNode at(Manifest manifest, String field) {
    return manifest.tree().at("/" + field.replace('.', '/'));
  }

  private static void equal(Manifest manifest, String field, String wanted, Problems problems) {
    String actual = at(manifest, field).asText();
    if (!actual.equals(wanted)) {
      problems.add(manifest, field, actual + " - must be " + wanted);
    }
  }

  private static void arguments(Manifests manifests, Manifest manifest, Problems problems) {
    String field = "spec.job.args";
    List<String> arguments = at(manifest, field).valueStream().map(JsonNode::asText).toList();
    if (arguments.size() != 4
        || !arguments.get(0).equals("--config")
        || !arguments.get(2).equals("--job")) {
      problems.add(manifest, field, arguments + " - must be --config FILE --job SHAPE");
      return;
    }
    try {
      ClusterJob.commandLine().parseArgs(arguments.toArray(String[]::new));
    } catch (ParameterException e) {
      problems.add(manifest, field, e.getMessage());
    }
    String expected = mounted(manifests, manifest);
    if (!arguments.get(1).equals(expected)) {
      problems.add(
          manifest, field, arguments.get(1) + " - the settings are mounted at " + expected);
    }
  }

  private static String mounted(Manifests manifests, Manifest manifest) {
    String map = manifests.settingsMap().map(Manifest::name).orElse("");
    return Volumes.folderOf(manifest, map) + "/" + Manifests.SETTINGS_FILE;
  }

  /** Plugins are files of Flink's image, whose names hold its version. */
  private static void plugins(Manifest manifest, Problems problems) {
    String version = EnvironmentInformation.getVersion();
    for (JsonNode variable : manifest.tree().at("/spec/podTemplate/spec/containers/0/env")) {
      String value = variable.path("value").asText();
      if (variable.path("name").asText().equals(PLUGINS) && !value.endsWith(version + ".jar")) {
        problems.add(
            manifest,
            "spec.podTemplate.spec.containers.0.env." + PLUGINS,
            value + " - Flink is " + version);
      }
    }
    boolean onS3 =
        manifest.flinkConfiguration().values().stream().anyMatch(each -> each.startsWith("s3:"));
    if (onS3
        && manifest
            .tree()
            .at("/spec/podTemplate/spec/containers/0/env")
            .valueStream()
            .noneMatch(each -> each.path("name").asText().equals(PLUGINS))) {
      problems.add(manifest, "spec.podTemplate.spec.containers.0.env", "enables no plugin for S3");
    }
  }

  /** What an upgrade, a failed JobManager and a failed TaskManager need. */
  private static void durable(Manifest manifest, Problems problems) {
    Map<String, String> flink = manifest.flinkConfiguration();
    boolean available = flink.containsKey(HighAvailabilityOptions.HA_MODE.key());
    required(manifest, flink, CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(), problems);
    required(manifest, flink, CheckpointingOptions.SAVEPOINT_DIRECTORY.key(), problems);
    if (available) {
      required(manifest, flink, HighAvailabilityOptions.HA_STORAGE_PATH.key(), problems);
    }
    if (!available && at(manifest, "spec.jobManager.replicas").asInt(1) > 1) {
      problems.add(manifest, "spec.jobManager.replicas", "must be 1 without high availability");
    }
    if (!available && at(manifest, "spec.job.upgradeMode").asText().equals("last-state")) {
      problems.add(manifest, "spec.job.upgradeMode", "last-state needs high availability");
    }
  }

  private static void required(
      Manifest manifest, Map<String, String> flink, String key, Problems problems) {
    String value = flink.getOrDefault(key, "");
    String field = "spec.flinkConfiguration." + key;
    if (value.isEmpty()) {
      problems.add(manifest, field, "is missing");
    } else if (value.startsWith("file:")
        && !Volumes.claimed(manifest, value.replaceFirst("file:/*", "/"))) {
      problems.add(manifest, field, value + " - is on the pod's own disk; mount a claim there");
    }
  }

  /** The job has its parallelism from our settings; the operator should know the same. */
  private static void parallelism(Manifests manifests, Manifest manifest, Problems problems) {
    try {
      TagstreamConfig settings = manifests.settings();
      int wanted = settings.pipeline().parallelism();
      int actual = at(manifest, "spec.job.parallelism").asInt();
      if (actual != wanted) {
        problems.add(
            manifest, "spec.job.parallelism", actual + " - pipeline.parallelism is " + wanted);
      }
    } catch (InvalidConfigurationException | NoSuchElementException e) {
      // Another rule says so.
    }
  }
}
