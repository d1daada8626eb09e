package io.tagstream.launcher.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A YAML text as dotted keys and leaves. {@code a: {b: 1}} and {@code a.b: 1} say the same. Below
 * the keys of map settings the tree stays a map.
 */
final class YamlTree {

  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true);

  private final Set<String> mapKeys;
  private final List<Problem> problems;
  private final Map<String, Object> leaves = new LinkedHashMap<>();

  private YamlTree(Set<String> mapKeys, List<Problem> problems) {
    this.mapKeys = mapKeys;
    this.problems = problems;
  }

  /**
   * Leaves by dotted key, in the order of the text: a text per scalar, a list per sequence, a map
   * below each of {@code mapKeys}.
   *
   * @param problems receives what is wrong with the text
   */
  static Map<String, Object> leaves(String yaml, Set<String> mapKeys, List<Problem> problems) {
    YamlTree tree = new YamlTree(mapKeys, problems);
    JsonNode root;
    try {
      root = YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
      problems.add(new Problem("", "is no YAML" + where + ": " + e.getOriginalMessage()));
      return tree.leaves;
    }
    if (root.isObject()) {
      tree.walk("", root);
    } else if (!root.isMissingNode() && !root.isNull()) {
      problems.add(new Problem("", "must hold settings as 'key: value' lines"));
    }
    return tree.leaves;
  }

  private void walk(String key, JsonNode node) {
    if (node.isObject() && !mapKeys.contains(key)) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        walk(key.isEmpty() ? field.getKey() : key + "." + field.getKey(), field.getValue());
      }
    } else if (node.isNull()) {
      problems.add(new Problem(key, "has no value; remove the line to get the default"));
    } else if (leaves.putIfAbsent(key, plain(node)) != null) {
      problems.add(new Problem(key, "stands twice; keep one"));
    }
  }

  private static Object plain(JsonNode node) {
    if (node.isObject()) {
      Map<String, Object> map = new LinkedHashMap<>();
      node.properties().forEach(field -> map.put(field.getKey(), plain(field.getValue())));
      return map;
    }
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(element -> list.add(plain(element)));
      return list;
    }
    return node.asText();
  }
}
