package io.tagstream.it.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a manifest names is there: ConfigMaps, claims, roles and service accounts among the
 * manifests, secrets in the README, images by a tag that stays.
 */
final class ReferenceRule implements ManifestRule {

  private static final String NAME = "reference";

  private final String readme;

  ReferenceRule(Path readme) throws IOException {
    this.readme = Files.readString(readme);
  }

  @Override
  public List<ManifestProblem> check(Manifests manifests) {
    Problems problems = new Problems(NAME);
    for (Manifest manifest : manifests.of(Manifest.FLINK_DEPLOYMENT)) {
      JsonNode spec = manifest.tree().path("spec");
      image(manifest, spec.path("image").asText(), problems);
      exists(
          manifests,
          manifest,
          "spec.serviceAccount",
          "ServiceAccount",
          spec.path("serviceAccount"),
          problems);
      JsonNode pod = spec.at("/podTemplate/spec");
      volumes(manifests, manifest, pod, problems);
      mounts(manifest, pod, problems);
      environment(manifest, pod, problems);
    }
    for (Manifest manifest : manifests.of("RoleBinding")) {
      exists(
          manifests,
          manifest,
          "roleRef.name",
          "Role",
          manifest.tree().at("/roleRef/name"),
          problems);
      for (JsonNode subject : manifest.tree().path("subjects")) {
        exists(
            manifests, manifest, "subjects.name", "ServiceAccount", subject.path("name"), problems);
      }
    }
    return problems.all();
  }

  private static void image(Manifest manifest, String image, Problems problems) {
    String tag = image.substring(image.lastIndexOf('/') + 1).replaceFirst("^[^:@]*:?", "");
    if (tag.isEmpty() || tag.equals("latest")) {
      problems.add(manifest, "spec.image", image + " - must have a tag, and not latest");
    }
  }

  private static void exists(
      Manifests manifests,
      Manifest manifest,
      String field,
      String kind,
      JsonNode name,
      Problems problems) {
    if (manifests.find(kind, name.asText(), manifest.namespace()).isEmpty()) {
      problems.add(manifest, field, kind + "/" + name.asText() + " - is not among the manifests");
    }
  }

  private void volumes(Manifests manifests, Manifest manifest, JsonNode pod, Problems problems) {
    int index = 0;
    for (JsonNode volume : pod.path("volumes")) {
      String field = "spec.podTemplate.spec.volumes." + index++;
      if (volume.has("configMap")) {
        exists(manifests, manifest, field, "ConfigMap", volume.at("/configMap/name"), problems);
      } else if (volume.has("persistentVolumeClaim")) {
        JsonNode claim = volume.at("/persistentVolumeClaim/claimName");
        exists(manifests, manifest, field, "PersistentVolumeClaim", claim, problems);
      } else if (volume.has("secret")) {
        String secret = volume.at("/secret/secretName").asText();
        for (JsonNode item : volume.at("/secret/items")) {
          documented(manifest, field, secret, item.path("key").asText(), problems);
        }
      } else if (!volume.has("emptyDir")) {
        problems.add(manifest, field, volume + " - a kind of volume that no rule knows");
      }
    }
  }

  private static void mounts(Manifest manifest, JsonNode pod, Problems problems) {
    for (JsonNode mount : pod.at("/containers/0/volumeMounts")) {
      boolean named =
          pod.path("volumes")
              .valueStream()
              .anyMatch(volume -> volume.path("name").equals(mount.path("name")));
      if (!named) {
        problems.add(
            manifest,
            "spec.podTemplate.spec.containers.0.volumeMounts",
            mount.path("name").asText() + " - there is no such volume");
      }
    }
  }

  private void environment(Manifest manifest, JsonNode pod, Problems problems) {
    int index = 0;
    for (JsonNode variable : pod.at("/containers/0/env")) {
      String field = "spec.podTemplate.spec.containers.0.env." + index++;
      JsonNode secret = variable.at("/valueFrom/secretKeyRef");
      if (secret.isObject()) {
        documented(
            manifest, field, secret.path("name").asText(), secret.path("key").asText(), problems);
      }
    }
  }

  /** A line of the README names the secret and the key. */
  private void documented(
      Manifest manifest, String field, String secret, String key, Problems problems) {
    boolean found =
        readme.lines().anyMatch(l -> l.contains("`" + secret + "`") && l.contains("`" + key + "`"));
    if (!found) {
      problems.add(
          manifest, field, "Secret/" + secret + " with " + key + " - is not in k8s/README.md");
    }
  }
}
