package io.tagstream.it.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * One object as it would be sent to a cluster.
 *
 * @param tree all of it
 */
record Manifest(ObjectNode tree) {

  static final String FLINK_DEPLOYMENT = "FlinkDeployment";
  static final String KAFKA_TOPIC = "KafkaTopic";

  String kind() {
    return tree.path("kind").asText();
  }

  String name() {
    return tree.at("/metadata/name").asText();
  }

  String namespace() {
    return tree.at("/metadata/namespace").asText();
  }

  /** Kind and name. */
  String id() {
    return kind() + "/" + name();
  }

  Map<String, String> labels() {
    return texts(tree.at("/metadata/labels"));
  }

  /** A map of texts, empty where there is none. */
  static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new TreeMap<>();
    node.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  /** Options that the operator hands to Flink. */
  Map<String, String> flinkConfiguration() {
    return texts(tree.at("/spec/flinkConfiguration"));
  }
}
