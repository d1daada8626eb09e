package io.tagstream.ingestion.decode.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Avro values of any schema as a tree. Times become ISO 8601 text in UTC, decimals numbers, enums
 * and bytes (as UTF-8) text.
 */
final class AvroTree {

  /** Reads logical types as what they mean. */
  static final GenericData DATA = data();

  private AvroTree() {}

  private static GenericData data() {
    GenericData data = new GenericData();
    data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
    data.addLogicalTypeConversion(new TimeConversions.LocalTimestampMillisConversion());
    data.addLogicalTypeConversion(new TimeConversions.LocalTimestampMicrosConversion());
    data.addLogicalTypeConversion(new TimeConversions.DateConversion());
    data.addLogicalTypeConversion(new Conversions.DecimalConversion());
    data.addLogicalTypeConversion(new Conversions.UUIDConversion());
    return data;
  }

  /** The tree of a value. */
  static JsonNode of(@Nullable Object value) {
    if (value == null) {
      return NullNode.getInstance();
    }
    if (value instanceof IndexedRecord record) {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      for (Schema.Field field : record.getSchema().getFields()) {
        node.set(field.name(), of(record.get(field.pos())));
      }
      return node;
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      map.forEach((name, each) -> node.set(String.valueOf(name), of(each)));
      return node;
    }
    if (value instanceof Collection<?> list) {
      ArrayNode node = JsonNodeFactory.instance.arrayNode(list.size());
      list.forEach(each -> node.add(of(each)));
      return node;
    }
    if (value instanceof Integer || value instanceof Long) {
      return LongNode.valueOf(((Number) value).longValue());
    }
    if (value instanceof Float || value instanceof Double) {
      return DoubleNode.valueOf(((Number) value).doubleValue());
    }
    if (value instanceof BigDecimal decimal) {
      return DecimalNode.valueOf(decimal);
    }
    if (value instanceof Boolean flag) {
      return BooleanNode.valueOf(flag);
    }
    if (value instanceof ByteBuffer bytes) {
      return TextNode.valueOf(StandardCharsets.UTF_8.decode(bytes.duplicate()).toString());
    }
    if (value instanceof GenericFixed fixed) {
      return TextNode.valueOf(new String(fixed.bytes(), StandardCharsets.UTF_8));
    }
    return TextNode.valueOf(value.toString()); // text, enum symbol, UUID; times print as ISO 8601
  }
}
