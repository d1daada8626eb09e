package io.tagstream.schemas;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;

/** Writes the reference page of all topics, as Markdown, from their schemas. */
public final class TopicReference {

  private final StringBuilder page = new StringBuilder(32_768);

  /** Names of all records and enums that were met. */
  private final Set<String> met = new HashSet<>();

  /** Those inside others and in headers, in the order they were met. */
  private final Queue<Schema> unwritten = new ArrayDeque<>();

  private TopicReference() {}

  /** The page. */
  public static String markdown() {
    return new TopicReference().write();
  }

  private String write() {
    page.append("# Topics\n\n")
        .append("Values are Avro in single-object encoding, keys UTF-8 text. Names are the ")
        .append("defaults of `topics.*`; times are milliseconds since the epoch.\n\n")
        .append("| topic | key | Tagstream | kept | value |\n| --- | --- | --- | --- | --- |\n");
    for (Topic topic : Topic.values()) {
      page.append(
          "| [`%s`](#%s) | %s | %s | %s | `%s` |%n"
              .formatted(
                  topic.defaultName(),
                  topic.defaultName(),
                  topic.key().name().toLowerCase(Locale.ROOT),
                  direction(topic),
                  topic.compacted() ? "the newest of a key" : "for the topic's retention",
                  topic.schema().getName()));
    }
    for (Topic topic : Topic.values()) {
      met.add(topic.schema().getName());
    }
    for (Topic topic : Topic.values()) {
      page.append("\n## ").append(topic.defaultName()).append("\n\n");
      describe(topic.schema());
    }
    page.append("\n## Parts of records, and what stands in headers\n");
    meet(LearnerInput.getClassSchema());
    // Parts have parts of their own, which come behind them.
    for (Schema part = unwritten.poll(); part != null; part = unwritten.poll()) {
      page.append("\n### ").append(part.getName()).append("\n\n");
      describe(part);
    }
    return page.toString();
  }

  private static String direction(Topic topic) {
    return switch (topic.direction()) {
      case IN -> "reads";
      case OUT -> "writes";
      case COMMAND -> "obeys";
    };
  }

  private void describe(Schema schema) {
    if (schema.getDoc() != null) {
      page.append(oneLine(schema.getDoc())).append("\n\n");
    }
    if (schema.getType() == Schema.Type.ENUM) {
      page.append("One of ")
          .append(
              schema.getEnumSymbols().stream()
                  .map(symbol -> "`" + symbol + "`")
                  .collect(Collectors.joining(", ")))
          .append(".\n");
      return;
    }
    page.append("| field | type | default | what it says |\n| --- | --- | --- | --- |\n");
    for (Schema.Field field : schema.getFields()) {
      page.append("| `")
          .append(field.name())
          .append("` | ")
          .append(type(field.schema()))
          .append(" | ")
          .append(defaultOf(field))
          .append(" | ")
          .append(field.doc() == null ? "" : oneLine(field.doc()).replace("|", "\\|"))
          .append(" |\n");
    }
  }

  private String type(Schema schema) {
    return switch (schema.getType()) {
      case ARRAY -> "list of " + type(schema.getElementType());
      case MAP -> "map of " + type(schema.getValueType());
      case UNION -> schema.getTypes().stream().map(this::type).collect(Collectors.joining(" or "));
      case RECORD, ENUM -> {
        meet(schema);
        yield "`" + schema.getName() + "`";
      }
      case NULL -> "null";
      default -> schema.getType().getName();
    };
  }

  private void meet(Schema part) {
    if (met.add(part.getName())) {
      unwritten.add(part);
    }
  }

  private static String defaultOf(Schema.Field field) {
    if (!field.hasDefaultValue()) {
      return "";
    }
    Object value = field.defaultVal();
    if (value == JsonProperties.NULL_VALUE) {
      return "`null`";
    }
    return value instanceof String text && text.isEmpty() ? "(empty)" : "`" + value + "`";
  }

  private static String oneLine(String doc) {
    return doc.strip().replaceAll("\\s+", " ");
  }
}
