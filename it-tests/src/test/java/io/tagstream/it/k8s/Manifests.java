package io.tagstream.it.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.config.TagstreamConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What one folder of {@code k8s/} builds to.
 *
 * @param all in the order in which they were built
 */
record Manifests(List<Manifest> all) {

  /** The file of a ConfigMap that holds Tagstream's settings. */
  static final String SETTINGS_FILE = "tagstream.yaml";

  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  Manifests {
    all = List.copyOf(all);
  }

  /** Builds a folder; a warning fails as an error does. */
  static Manifests build(Path kubectl, Path folder) throws Exception {
    Path out = Files.createTempFile("manifests", ".yaml");
    Path err = Files.createTempFile("manifests", ".log");
    try {
      Process process =
          new ProcessBuilder(kubectl.toString(), "kustomize", folder.toString())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(Files.readString(err)).as("what kustomize says of %s", folder).isEmpty();
      assertThat(process.exitValue()).isZero();
      return parse(Files.readString(out));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  static Manifests parse(String yaml) throws Exception {
    List<Manifest> all = new ArrayList<>();
    try (MappingIterator<ObjectNode> documents =
        YAML.readerFor(ObjectNode.class).readValues(yaml)) {
      while (documents.hasNext()) {
        all.add(new Manifest(documents.next()));
      }
    }
    return new Manifests(all);
  }

  /** The same, to be changed. */
  Manifests copy() {
    return new Manifests(all.stream().map(each -> new Manifest(each.tree().deepCopy())).toList());
  }

  /** All these, and others. */
  Manifests with(Manifests others) {
    return new Manifests(Stream.concat(all.stream(), others.all.stream()).toList());
  }

  /** Those of a kind. */
  List<Manifest> of(String kind) {
    return all.stream().filter(each -> each.kind().equals(kind)).toList();
  }

  /** The one that a manifest in the same namespace names. */
  Optional<Manifest> find(String kind, String name, String namespace) {
    return of(kind).stream()
        .filter(each -> each.name().equals(name) && each.namespace().equals(namespace))
        .findFirst();
  }

  /** The ConfigMap that holds Tagstream's settings. */
  Optional<Manifest> settingsMap() {
    return of("ConfigMap").stream()
        .filter(each -> each.tree().path("data").has(SETTINGS_FILE))
        .findFirst();
  }

  /**
   * Tagstream's settings.
   *
   * @throws InvalidConfigurationException with every mistake in them
   */
  TagstreamConfig settings() throws InvalidConfigurationException {
    Manifest map = settingsMap().orElseThrow();
    return TagstreamConfig.parse(map.id(), map.tree().path("data").path(SETTINGS_FILE).asText());
  }
}
