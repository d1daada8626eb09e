package io.tagstream.it.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;

/** A FlinkDeployment is as the operator's definition of the resource has it, as in a cluster. */
final class DeploymentSchema implements ManifestRule {

  private static final String NAME = "resource-schema";
  private static final String DEFINITION =
      "/META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml";

  private final JsonNode schema;

  DeploymentSchema() throws IOException {
    try (InputStream in = FlinkDeployment.class.getResourceAsStream(DEFINITION)) {
      schema = new YAMLMapper().readTree(in).at("/spec/versions/0/schema/openAPIV3Schema");
    }
  }

  @Override
  public List<ManifestProblem> check(Manifests manifests) {
    Problems problems = new Problems(NAME);
    for (Manifest manifest : manifests.of(Manifest.FLINK_DEPLOYMENT)) {
      object(
          manifest, "spec", manifest.tree().path("spec"), schema.at("/properties/spec"), problems);
    }
    return problems.all();
  }

  private static void value(
      Manifest manifest, String path, JsonNode value, JsonNode schema, Problems problems) {
    if (path.equals("spec.flinkVersion")) {
      return; // the list of versions ends before Flink 2; another rule looks at it
    }
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      expect(value.isInt() || value.isTextual(), manifest, path, "an integer or a text", problems);
      return;
    }
    switch (schema.path("type").asText()) {
      case "object" -> object(manifest, path, value, schema, problems);
      case "array" -> {
        expect(value.isArray(), manifest, path, "a list", problems);
        int index = 0;
        for (JsonNode element : value) {
          value(manifest, path + "." + index++, element, schema.path("items"), problems);
        }
      }
      case "string" -> {
        expect(value.isTextual(), manifest, path, "a text", problems);
        oneOf(manifest, path, value, schema.path("enum"), problems);
      }
      case "integer" -> expect(value.isIntegralNumber(), manifest, path, "an integer", problems);
      case "number" -> expect(value.isNumber(), manifest, path, "a number", problems);
      case "boolean" -> expect(value.isBoolean(), manifest, path, "true or false", problems);
      default -> {}
    }
  }

  private static void object(
      Manifest manifest, String path, JsonNode value, JsonNode schema, Problems problems) {
    expect(value.isObject(), manifest, path, "an object", problems);
    JsonNode properties = schema.path("properties");
    JsonNode others = schema.path("additionalProperties");
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      String field = path + "." + entry.getKey();
      if (properties.has(entry.getKey())) {
        value(manifest, field, entry.getValue(), properties.path(entry.getKey()), problems);
      } else if (others.isObject()) {
        value(manifest, field, entry.getValue(), others, problems);
      } else if (!schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
        problems.add(manifest, field, "there is no such field");
      }
    }
  }

  private static void oneOf(
      Manifest manifest, String path, JsonNode value, JsonNode choices, Problems problems) {
    if (choices.isArray() && choices.valueStream().noneMatch(value::equals)) {
      problems.add(manifest, path, value + " - must be one of " + choices);
    }
  }

  private static void expect(
      boolean holds, Manifest manifest, String path, String what, Problems problems) {
    if (!holds) {
      problems.add(manifest, path, "must be " + what);
    }
  }
}
