package io.tagstream.ingestion.decode.mapping;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Makes canonical records of one class by the rules of a mapping. What a field may be is the
 * canonical schema's word; where it comes from is the mapping's.
 */
public final class RecordMapper {

  private static final String TIME = "eventTimeMillis";

  /** More than any double has; 1e999999999 written out would take all memory. */
  static final int MOST_DIGITS = 400;

  private final Schema schema;
  private final SpecificData data;
  private final Class<? extends SpecificRecordBase> recordClass;
  private final List<Field> fields = new ArrayList<>();

  /** Reads one value; null for a value that does not fit. */
  @FunctionalInterface
  private interface Reader {
    @Nullable Object read(JsonNode value);
  }

  /**
   * A canonical field.
   *
   * @param missing what it is where the record says nothing; null with {@code required}
   */
  private record Field(
      String name,
      int position,
      String where,
      JsonPointer pointer,
      Reader reader,
      String rule,
      @Nullable Object missing,
      boolean required,
      List<Field> entries) {}

  /**
   * A mapper.
   *
   * @throws IllegalArgumentException for a rule that does not fit its field; the message reads
   *     {@code field.setting: value - rule}
   */
  public RecordMapper(Class<? extends SpecificRecordBase> recordClass, RecordMapping mapping) {
    this.recordClass = recordClass;
    this.data = SpecificData.getForClass(recordClass);
    this.schema = data.getSchema(recordClass);
    for (String name : mapping.rules().keySet()) {
      if (schema.getField(name) == null) {
        List<String> names = schema.getFields().stream().map(Schema.Field::name).toList();
        throw new IllegalArgumentException(
            name + ": is no field of " + schema.getName() + ", which has " + names);
      }
    }
    for (Schema.Field field : schema.getFields()) {
      FieldRule rule = mapping.rules().getOrDefault(field.name(), FieldRule.none());
      fields.add(field(field, rule));
    }
  }

  /** The canonical record in a user's record. */
  public SpecificRecordBase map(JsonNode source) throws UnmappableRecordException {
    SpecificRecordBase record = (SpecificRecordBase) data.newRecord(null, schema);
    for (Field field : fields) {
      record.put(field.position, value(field, source));
    }
    return recordClass.cast(record);
  }

  private static @Nullable Object value(Field field, JsonNode source)
      throws UnmappableRecordException {
    if (!field.entries.isEmpty()) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (Field entry : field.entries) {
        Object value = value(entry, source);
        if (value != null) {
          map.put(entry.name, value);
        }
      }
      return map;
    }
    JsonNode node = source.at(field.pointer);
    if (node.isMissingNode() || node.isNull()) {
      if (field.required) {
        throw UnmappableRecordException.of(
            field.name, "nothing at " + field.where, "is required and has no default");
      }
      return field.missing;
    }
    Object value = field.reader.read(node);
    if (value == null) {
      throw UnmappableRecordException.of(
          field.name, node + " at " + field.where, "must be " + field.rule);
    }
    return value;
  }

  private Field field(Schema.Field field, FieldRule rule) {
    Schema type = field.schema();
    boolean nullable = type.isNullable();
    if (type.isUnion()) {
      type =
          type.getTypes().stream()
              .filter(branch -> branch.getType() != Schema.Type.NULL)
              .findFirst()
              .orElseThrow();
    }
    boolean time = field.name().equals(TIME);
    boolean map = type.getType() == Schema.Type.MAP;
    boolean list = type.getType() == Schema.Type.ARRAY;
    boolean number =
        !time
            && (type.getType() == Schema.Type.INT
                || type.getType() == Schema.Type.LONG
                || type.getType() == Schema.Type.DOUBLE);
    allow(time, field, "format", rule.format());
    allow(time, field, "zone", rule.zone());
    allow(number, field, "scale", rule.scale());
    allow(list, field, "separator", rule.separator());
    allow(list, field, "element", rule.element());
    allow(
        !map && !number && !time, field, "values", rule.values().isEmpty() ? null : rule.values());
    allow(!map && !list, field, "default", rule.fallback());
    if (!map && !rule.entries().isEmpty()) {
      throw refused(field.name(), rule.entries().keySet(), "must be a path or settings of a rule");
    }
    Object otherwise = field.hasDefaultValue() ? data.getDefaultValue(field) : null;
    boolean required = !field.hasDefaultValue() && !nullable;
    if (!rule.entries().isEmpty()) {
      List<Field> entries = new ArrayList<>();
      rule.entries().forEach((name, entry) -> entries.add(entry(field, name, entry)));
      return simple(field.name(), field.pos(), rule, node -> null, "", otherwise, false, entries);
    }
    Reader reader;
    String what;
    if (time) {
      TimeReader times = times(field, rule);
      reader = times::read;
      what = "a time, " + times;
    } else {
      BigDecimal scale = rule.scale() == null ? null : BigDecimal.valueOf(rule.scale());
      switch (type.getType()) {
        case STRING -> {
          reader = node -> text(node, rule.values());
          what = "text or a whole number";
        }
        case INT -> {
          reader = node -> whole(node, scale, Integer.MIN_VALUE, Integer.MAX_VALUE);
          what = "a whole number of 32 bits";
        }
        case LONG -> {
          reader = node -> whole(node, scale, Long.MIN_VALUE, Long.MAX_VALUE);
          what = "a whole number";
        }
        case DOUBLE -> {
          reader = node -> number(node, scale);
          what = "a number";
        }
        case ARRAY -> {
          JsonPointer element = pointer(field.name() + ".element", rule.element(), "");
          reader = node -> texts(node, rule.separator(), element, rule.values());
          what =
              rule.separator() == null
                  ? "a list of texts; for a list in one text give its separator"
                  : "texts with '" + rule.separator() + "' between them";
        }
        case MAP -> {
          reader = RecordMapper::textsByName;
          what = "an object whose values are texts or numbers";
        }
        default -> throw new IllegalStateException("no way to read " + field);
      }
    }
    return withDefault(
        simple(field.name(), field.pos(), rule, reader, what, otherwise, required, List.of()),
        rule.fallback());
  }

  /** One name of a map. */
  private Field entry(Schema.Field map, String name, FieldRule rule) {
    String key = map.name() + "." + name;
    if (rule.path() == null && rule.fallback() == null) {
      throw refused(key, "{}", "needs a path");
    }
    Reader reader = node -> text(node, rule.values());
    Field entry = simple(name, -1, rule, reader, "text or a whole number", null, false, List.of());
    return withDefault(entry, rule.fallback());
  }

  private static Field simple(
      String name,
      int position,
      FieldRule rule,
      Reader reader,
      String what,
      @Nullable Object otherwise,
      boolean required,
      List<Field> entries) {
    JsonPointer pointer = pointer(name + ".path", rule.path(), name);
    String where = rule.path() == null ? name : rule.path();
    return new Field(name, position, where, pointer, reader, what, otherwise, required, entries);
  }

  private static Field withDefault(Field field, @Nullable String fallback) {
    if (fallback == null) {
      return field;
    }
    Object value = field.reader.read(TextNode.valueOf(fallback));
    if (value == null) {
      throw refused(field.name + ".default", fallback, "must be " + field.rule);
    }
    return new Field(
        field.name,
        field.position,
        field.where,
        field.pointer,
        field.reader,
        field.rule,
        value,
        false,
        field.entries);
  }

  private static TimeReader times(Schema.Field field, FieldRule rule) {
    try {
      return new TimeReader(rule.format(), rule.zone());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field.name() + ".format: " + e.getMessage(), e);
    }
  }

  /** The pointer to a path; to the whole for a path that is not given and has no name either. */
  private static JsonPointer pointer(String key, @Nullable String path, String name) {
    if (path == null) {
      return name.isEmpty() ? JsonPointer.empty() : JsonPointer.empty().appendProperty(name);
    }
    if (path.startsWith("/")) {
      return JsonPointer.compile(path);
    }
    JsonPointer pointer = JsonPointer.empty();
    for (String step : path.split("\\.", -1)) {
      if (step.isBlank()) {
        throw refused(key, path, "must be names with single dots between them, or begin with /");
      }
      // A number may be a list's index or a name: a compiled pointer is both.
      pointer = pointer.append(JsonPointer.compile("/" + step.replace("~", "~0")));
    }
    return pointer;
  }

  private static @Nullable String text(JsonNode node, Map<String, String> values) {
    if (!node.isTextual() && !node.isIntegralNumber() && !node.isBoolean()) {
      return null;
    }
    String text = node.asText();
    return values.getOrDefault(text, text);
  }

  private static @Nullable Object whole(
      JsonNode node, @Nullable BigDecimal scale, long least, long most) {
    BigDecimal number = decimal(node, scale);
    if (number == null) {
      return null;
    }
    try {
      long value =
          scale == null
              ? number.longValueExact()
              : number.setScale(0, RoundingMode.HALF_UP).longValueExact();
      if (value < least || value > most) {
        return null;
      }
      return most == Integer.MAX_VALUE ? (Object) (int) value : (Object) value;
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
      if (!entry.getValue().isValueNode()) {
        return null;
      }
      texts.put(entry.getKey(), entry.getValue().asText());
    }
    return texts;
  }

  private static void allow(
      boolean allowed, Schema.Field field, String setting, @Nullable Object value) {
    if (!allowed && value != null) {
      throw refused(field.name() + "." + setting, value, "does not apply to this field");
    }
  }

  private static IllegalArgumentException refused(String key, Object value, String rule) {
    return new IllegalArgumentException(key + ": " + value + " - " + rule);
  }
}
