package io.tagstream.ingestion.decode.mapping;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of one kind.
 *
 * @param kind what a value must be, as it ends the sentence "must be …"
 * @param settings of a rule that mean something to it
 * @param reading gives null for a value that does not fit
 */
record ValueReader(String kind, Set<String> settings, Reading reading) {

  /** More than any double has; 1e999999999 written out would take all memory. */
  static final int MOST_DIGITS = 400;

  private static final String TIME = "eventTimeMillis";

  /** From a value that is there and not null to what a canonical field holds. */
  @FunctionalInterface
  interface Reading {
    @Nullable Object of(JsonNode value);
  }

  /**
   * A reader of what the canonical field holds, by a rule.
   *
   * @throws IllegalArgumentException for a setting whose value makes no sense; the message begins
   *     with the setting
   */
  static ValueReader of(Schema.Field field, FieldRule rule) {
    if (field.name().equals(TIME)) {
      TimeReader times = new TimeReader(rule.format(), rule.zone());
      return new ValueReader("a time, " + times, Set.of("default", "format", "zone"), times::read);
    }
    BigDecimal scale = rule.scale() == null ? null : BigDecimal.valueOf(rule.scale());
    Set<String> ofNumbers = Set.of("default", "scale");
    return switch (type(field.schema())) {
      case STRING -> text(rule);
      case INT ->
          new ValueReader("a whole number of 32 bits", ofNumbers, node -> int32(node, scale));
      case LONG -> new ValueReader("a whole number", ofNumbers, node -> int64(node, scale));
      case DOUBLE -> new ValueReader("a number", ofNumbers, node -> number(node, scale));
      case ARRAY -> list(rule);
      case MAP ->
          new ValueReader(
              "an object whose values are Unicode texts or numbers",
              Set.of(),
              ValueReader::textsByName);
      default -> throw new IllegalStateException("no way to read " + field);
    };
  }

  private static Schema.Type type(Schema schema) {
    return schema.isUnion()
        ? schema.getTypes().stream()
            .map(Schema::getType)
            .filter(type -> type != Schema.Type.NULL)
            .findFirst()
            .orElseThrow()
        : schema.getType();
  }

  /** A reader of texts, translated by the rule. */
  static ValueReader text(FieldRule rule) {
    return new ValueReader(
        "Unicode text or a whole number",
        Set.of("default", "values"),
        node -> text(node, rule.values()));
  }

  private static ValueReader list(FieldRule rule) {
    String separator = rule.separator();
    JsonPointer element =
        rule.element() == null ? JsonPointer.empty() : Paths.pointer("element", rule.element());
    return new ValueReader(
        separator == null
            ? "a list of texts; for a list in one text give its separator"
            : "texts with '" + separator + "' between them",
        Set.of("values", "separator", "element"),
        node -> texts(node, separator, element, rule.values()));
  }

  private static @Nullable String text(JsonNode node, Map<String, String> values) {
    if (!node.isTextual() && !node.isIntegralNumber() && !node.isBoolean()) {
      return null;
    }
    String text = node.asText();
    return whole(text) ? values.getOrDefault(text, text) : null;
  }

  /**
   * Whether every surrogate has its other half. JSON can write half a character; the next encoding
   * makes a question mark of it, and so one user of many.
   */
  private static boolean whole(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isSurrogate(unit)) {
        i++;
        if (i == text.length() || !Character.isSurrogatePair(unit, text.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }

  private static @Nullable Integer int32(JsonNode node, @Nullable BigDecimal scale) {
    Long value = int64(node, scale);
    return value == null || value != value.intValue() ? null : (Integer) value.intValue();
  }

  private static @Nullable Long int64(JsonNode node, @Nullable BigDecimal scale) {
    BigDecimal number = decimal(node, scale);
    try {
      return number == null
          ? null
          : (Long)
              (scale == null ? number : number.setScale(0, RoundingMode.HALF_UP)).longValueExact();
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private static @Nullable Double number(JsonNode node, @Nullable BigDecimal scale) {
    BigDecimal number = decimal(node, scale);
    return number == null ? null : (Double) number.doubleValue();
  }

  private static @Nullable BigDecimal decimal(JsonNode node, @Nullable BigDecimal scale) {
    try {
      BigDecimal number =
          node.isNumber()
              ? node.decimalValue()
              : node.isTextual() ? new BigDecimal(node.textValue().strip()) : null;
      if (number == null || Math.abs((long) number.scale()) > MOST_DIGITS) {
        return null;
      }
      return scale == null ? number : number.multiply(scale);
    } catch (NumberFormatException e) {
      return null; // text that is no number, or a double that is not finite
    }
  }

  private static @Nullable List<String> texts(
      JsonNode node, @Nullable String separator, JsonPointer element, Map<String, String> values) {
    List<String> texts = new ArrayList<>();
    if (node.isTextual() && separator != null) {
      if (!whole(node.textValue())) {
        return null;
      }
      for (String part : node.textValue().split(Pattern.quote(separator), -1)) {
        if (!part.isBlank()) {
          texts.add(values.getOrDefault(part.strip(), part.strip()));
        }
      }
      return texts;
    }
    if (!node.isArray()) {
      return null;
    }
    for (JsonNode each : node) {
      String text = text(each.at(element), values);
      if (text == null) {
        return null;
      }
      texts.add(text);
    }
    return texts;
  }

  private static @Nullable Map<String, String> textsByName(JsonNode node) {
    if (!node.isObject()) {
      return null;
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (entry.getValue().isNull()) {
        continue;
      }
      String text = entry.getValue().asText();
      if (!entry.getValue().isValueNode() || !whole(text) || !whole(entry.getKey())) {
        return null;
      }
      texts.put(entry.getKey(), text);
    }
    return texts;
  }
}
