package io.tagstream.it.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * No list stands in a deployment's pod template and in that of its JobManager or TaskManager as
 * well: the operator merges lists by position, whatever the elements are called. Only elements of
 * the same name at the same place are merged as one expects.
 */
final class MergedListsRule implements ManifestRule {

  private static final String NAME = "merged-list";

  @Override
  public List<ManifestProblem> check(Manifests manifests) {
    Problems problems = new Problems(NAME);
    for (Manifest manifest : manifests.of(Manifest.FLINK_DEPLOYMENT)) {
      JsonNode spec = manifest.tree().path("spec");
      for (String process : List.of("jobManager", "taskManager")) {
        compare(
            manifest,
            "spec." + process + ".podTemplate",
            spec.path("podTemplate"),
            spec.path(process).path("podTemplate"),
            problems);
      }
    }
    return problems.all();
  }

  private static void compare(
      Manifest manifest, String path, JsonNode common, JsonNode own, Problems problems) {
    if (common.isArray() && own.isArray()) {
      lists(manifest, path, common, own, problems);
      return;
    }
    for (Map.Entry<String, JsonNode> entry : own.properties()) {
      String field = path + "." + entry.getKey();
      compare(manifest, field, common.path(entry.getKey()), entry.getValue(), problems);
    }
  }

  private static void lists(
      Manifest manifest, String path, JsonNode common, JsonNode own, Problems problems) {
    for (int n = 0; n < Math.min(common.size(), own.size()); n++) {
      String field = path + "." + n;
      JsonNode name = own.path(n).path("name");
      if (name.isMissingNode() || !name.equals(common.path(n).path("name"))) {
        problems.add(manifest, field, "is merged with " + common.path(n) + " of spec.podTemplate");
      } else {
        compare(manifest, field, common.path(n), own.path(n), problems);
      }
    }
  }
}
