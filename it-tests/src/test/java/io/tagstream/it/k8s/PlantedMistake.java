package io.tagstream.it.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/**
 * A mistake to be found.
 *
 * @param what it is, for people
 * @param kind of the manifest it is made in
 * @param name of that manifest; its beginning, where it ends with a digest
 * @param change makes it
 * @param manifest that the problem must name
 * @param field that the problem must name
 * @param rule that must find it
 */
record PlantedMistake(
    String what,
    String kind,
    String name,
    Consumer<ObjectNode> change,
    String manifest,
    String field,
    String rule) {

  /** A mistake that is found where it is made. */
  static PlantedMistake planted(
      String what,
      String kind,
      String name,
      Consumer<ObjectNode> change,
      String field,
      String rule) {
    return new PlantedMistake(what, kind, name, change, kind + "/" + name, field, rule);
  }

  /** The same mistake, found in another manifest. */
  PlantedMistake foundIn(String other) {
    return new PlantedMistake(what, kind, name, change, other, field, rule);
  }

  /** The same manifests with the mistake. */
  Manifests in(Manifests manifests) {
    Manifests changed = manifests.copy();
    changed.of(kind).stream()
        .filter(each -> each.name().startsWith(name))
        .findFirst()
        .ifPresentOrElse(
            each -> change.accept(each.tree()),
            () -> {
              throw new IllegalStateException("no " + kind + "/" + name);
            });
    return changed;
  }

  /** Sets a field of the object at a path. */
  static Consumer<ObjectNode> set(String path, String field, Object value) {
    return tree -> ((ObjectNode) tree.at(path)).set(field, node(value));
  }

  /** Removes a field of the object at a path. */
  static Consumer<ObjectNode> remove(String path, String field) {
    return tree -> {
      if (((ObjectNode) tree.at(path)).remove(field) == null) {
        throw new IllegalStateException("no " + path + "/" + field);
      }
    };
  }

  /** Removes an element of the list at a path. */
  static Consumer<ObjectNode> removeAt(String path, int index) {
    return tree -> ((ArrayNode) tree.at(path)).remove(index);
  }

  /** Replaces text in a field of the object at a path. */
  static Consumer<ObjectNode> replace(String path, String field, String from, String to) {
    return tree -> {
      ObjectNode object = (ObjectNode) tree.at(path);
      String before = object.path(field).asText();
      String after = before.replace(from, to);
      if (after.equals(before)) {
        throw new IllegalStateException(from + " is not in " + before);
      }
      object.put(field, after);
    };
  }

  private static JsonNode node(Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value instanceof JsonNode node) {
      return node;
    }
    return value instanceof Integer number
        ? nodes.numberNode(number.intValue())
        : nodes.textNode(String.valueOf(value));
  }

  @Override
  public String toString() {
    return what;
  }
}
