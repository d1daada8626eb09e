package io.tagstream.ingestion.decode.mapping;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a canonical field comes from and how its value is read. What is null or empty is not said.
 *
 * @param path where in the user's record: names with dots between them, or a JSON Pointer that
 *     begins with a slash; null for the field's own name
 * @param fallback the value where the record has none
 * @param values translates values, such as codes to entity kinds; others stay as they are
 * @param format of a time: {@code epoch-millis}, {@code epoch-micros}, {@code epoch-seconds},
 *     {@code iso-8601}, or a pattern of {@link java.time.format.DateTimeFormatter}
 * @param zone of times that name none; UTC when not said
 * @param scale a number is multiplied with, such as 1000 for a stay in seconds
 * @param separator between the elements of a list that comes as one text
 * @param element where in each element of a list its text is
 * @param entries of a map: a rule for each name it shall have
 */
public record FieldRule(
    @Nullable String path,
    @Nullable String fallback,
    Map<String, String> values,
    @Nullable String format,
    @Nullable String zone,
    @Nullable Double scale,
    @Nullable String separator,
    @Nullable String element,
    Map<String, FieldRule> entries)
    implements Serializable {

  public FieldRule {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /** The value at a path, as it is. */
  public static FieldRule at(String path) {
    return new FieldRule(path, null, Map.of(), null, null, null, null, null, Map.of());
  }

  /** The value under the field's own name, as it is. */
  static FieldRule none() {
    return new FieldRule(null, null, Map.of(), null, null, null, null, null, Map.of());
  }

  /** The settings that are given, but for the path and a map's entries, by their names. */
  Map<String, Object> settings() {
    Map<String, Object> given = new LinkedHashMap<>();
    put(given, "default", fallback);
    put(given, "values", values.isEmpty() ? null : values);
    put(given, "format", format);
    put(given, "zone", zone);
    put(given, "scale", scale);
    put(given, "separator", separator);
    put(given, "element", element);
    return given;
  }

  private static void put(Map<String, Object> given, String name, @Nullable Object value) {
    if (value != null) {
      given.put(name, value);
    }
  }
}
