package io.tagstream.ingestion.decode.mapping;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Makes canonical records of one class by the rules of a mapping. What a field may be is the
 * canonical schema's word; where it comes from is the mapping's.
 */
public final class RecordMapper {

  private final Class<? extends SpecificRecordBase> recordClass;
  private final SpecificData data;
  private final Schema schema;
  private final Source[] fields;

  /** Where a field's value comes from. */
  private interface Source {
    @Nullable Object of(JsonNode record) throws UnmappableRecordException;
  }

  /**
   * A value at one place.
   *
   * @param missing what it is where the record says nothing; null with {@code required}
   */
  private record Place(
      String name,
      String path,
      JsonPointer pointer,
      ValueReader reader,
      @Nullable Object missing,
      boolean required)
      implements Source {

    @Override
    public @Nullable Object of(JsonNode record) throws UnmappableRecordException {
      JsonNode node = record.at(pointer);
      if (node.isMissingNode() || node.isNull()) {
        if (required) {
          throw UnmappableRecordException.of(
              name, "nothing at " + path, "is required and has no default");
        }
        return missing;
      }
      Object value = reader.reading().of(node);
      if (value == null) {
        throw UnmappableRecordException.of(name, node + " at " + path, "must be " + reader.kind());
      }
      return value;
    }
  }

  /** A map whose values lie at places of their own; a name without a value is left out. */
  private record Places(Map<String, Place> byName) implements Source {

    @Override
    public Object of(JsonNode record) throws UnmappableRecordException {
      Map<String, Object> map = new LinkedHashMap<>();
      for (Map.Entry<String, Place> entry : byName.entrySet()) {
        Object value = entry.getValue().of(record);
        if (value != null) {
          map.put(entry.getKey(), value);
        }
      }
      return map;
    }
  }

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
    List<Schema.Field> canonical = schema.getFields();
    for (String name : mapping.rules().keySet()) {
      if (schema.getField(name) == null) {
        throw new IllegalArgumentException(
            name
                + ": is no field of "
                + schema.getName()
                + ", which has "
                + canonical.stream().map(Schema.Field::name).toList());
      }
    }
    this.fields = new Source[canonical.size()];
    for (Schema.Field field : canonical) {
      fields[field.pos()] =
          source(field, mapping.rules().getOrDefault(field.name(), FieldRule.none()));
    }
  }

  /** The canonical record in a user's record. */
  public SpecificRecordBase map(JsonNode source) throws UnmappableRecordException {
    SpecificRecordBase record = (SpecificRecordBase) data.newRecord(null, schema);
    for (int position = 0; position < fields.length; position++) {
      record.put(position, fields[position].of(source));
    }
    return recordClass.cast(record);
  }

  private Source source(Schema.Field field, FieldRule rule) {
    String name = field.name();
    if (!rule.entries().isEmpty()) {
      if (field.schema().getType() != Schema.Type.MAP) {
        throw refused(name, rule.entries().keySet(), "must be a path or settings of a rule");
      }
      Map<String, Place> byName = new LinkedHashMap<>();
      rule.entries().forEach((each, entry) -> byName.put(each, entry(name, each, entry)));
      return new Places(byName);
    }
    ValueReader reader = named(name, () -> ValueReader.of(field, rule));
    boolean optional = field.hasDefaultValue() || field.schema().isNullable();
    Object otherwise = field.hasDefaultValue() ? data.getDefaultValue(field) : null;
    return place(name, name, rule, reader, otherwise, !optional);
  }

  /** One name of a map. */
  private static Place entry(String map, String name, FieldRule rule) {
    String key = map + "." + name;
    if (rule.path() == null && rule.fallback() == null) {
      throw refused(key, "{}", "needs a path");
    }
    return place(key, name, rule, ValueReader.text(rule), null, false);
  }

  private static Place place(
      String key,
      String name,
      FieldRule rule,
      ValueReader reader,
      @Nullable Object otherwise,
      boolean required) {
    rule.settings()
        .forEach(
            (setting, value) -> {
              if (!reader.settings().contains(setting)) {
                throw refused(key + "." + setting, value, "does not apply to this field");
              }
            });
    String path = rule.path() == null ? name : rule.path();
    JsonPointer pointer =
        rule.path() == null
            ? JsonPointer.empty().appendProperty(name)
            : named(key, () -> Paths.pointer("path", path));
    String fallback = rule.fallback();
    if (fallback == null) {
      return new Place(key, path, pointer, reader, otherwise, required);
    }
    Object value = reader.reading().of(TextNode.valueOf(fallback));
    if (value == null) {
      throw refused(key + ".default", fallback, "must be " + reader.kind());
    }
    return new Place(key, path, pointer, reader, value, false);
  }

  /** Puts a field's name before the setting that a message begins with. */
  private static <T> T named(String field, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + "." + e.getMessage(), e);
    }
  }

  private static IllegalArgumentException refused(String key, Object value, String rule) {
    return new IllegalArgumentException(key + ": " + value + " - " + rule);
  }
}
