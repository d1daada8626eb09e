package io.tagstream.it.k8s;

import java.util.ArrayList;
import java.util.List;

/** Something that must hold of manifests that are applied together. */
interface ManifestRule {

  /** What breaks it. */
  List<ManifestProblem> check(Manifests manifests);

  /** Collects the problems of one rule. */
  final class Problems {

    private final String rule;
    private final List<ManifestProblem> all = new ArrayList<>();

    Problems(String rule) {
      this.rule = rule;
    }

    void add(Manifest manifest, String field, String message) {
      all.add(new ManifestProblem(manifest.id(), field, rule, message));
    }

    List<ManifestProblem> all() {
      return List.copyOf(all);
    }
  }
}
