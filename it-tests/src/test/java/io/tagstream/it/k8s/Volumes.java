package io.tagstream.it.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;

/** What the main container of a FlinkDeployment's pods finds at a path. */
final class Volumes {

  private Volumes() {}

  /** Whether the path lies on a volume. */
  static boolean mounted(Manifest deployment, String path) {
    return at(deployment, path).findAny().isPresent();
  }

  /** Whether the path lies on a volume that outlives the pod. */
  static boolean claimed(Manifest deployment, String path) {
    return at(deployment, path).anyMatch(volume -> volume.has("persistentVolumeClaim"));
  }

  /** Where the main container finds a volume of that ConfigMap; empty when it does not. */
  static String folderOf(Manifest deployment, String configMap) {
    JsonNode pod = deployment.tree().at("/spec/podTemplate/spec");
    return pod.path("volumes")
        .valueStream()
        .filter(volume -> volume.at("/configMap/name").asText().equals(configMap))
        .flatMap(
            volume ->
                pod.at("/containers/0/volumeMounts")
                    .valueStream()
                    .filter(mount -> mount.path("name").equals(volume.path("name"))))
        .map(mount -> mount.path("mountPath").asText())
        .findFirst()
        .orElse("");
  }

  private static Stream<JsonNode> at(Manifest deployment, String path) {
    JsonNode pod = deployment.tree().at("/spec/podTemplate/spec");
    return pod.at("/containers/0/volumeMounts")
        .valueStream()
        .filter(mount -> (path + "/").startsWith(mount.path("mountPath").asText() + "/"))
        .flatMap(
            mount ->
                pod.path("volumes")
                    .valueStream()
                    .filter(volume -> volume.path("name").equals(mount.path("name"))));
  }
}
