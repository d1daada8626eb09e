package io.tagstream.launcher.config;

import io.tagstream.ingestion.decode.format.FormatsConfig;
import io.tagstream.ingestion.decode.format.TopicFormat;
import io.tagstream.ingestion.decode.format.TopicFormat.Encoding;
import io.tagstream.ingestion.decode.mapping.FieldRule;
import io.tagstream.ingestion.decode.mapping.RecordMapper;
import io.tagstream.ingestion.decode.mapping.RecordMapping;
import io.tagstream.ingestion.decode.registry.RegistryConfig;
import io.tagstream.schemas.Topic;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Sections {@code formats}, {@code mapping} and {@code schema-registry}: how values are written.
 */
final class FormatOptions {

  private static final String RULES =
      "a path, or settings of a rule, by canonical field, such as {userId: uid, eventTimeMillis:"
          + " {path: time.at, format: epoch-seconds}}";

  /** Settings of a rule. */
  private static final Set<String> RULE_KEYS =
      Set.of("path", "default", "values", "format", "zone", "scale", "separator", "element");

  /** The two settings of a topic. */
  private record OfTopic(
      Topic topic, Setting<Encoding> format, Setting<Map<String, Object>> mapping) {

    static OfTopic of(Topic topic) {
      String what = topic.recordClass().getSimpleName();
      return new OfTopic(
          topic,
          Setting.choice(
              "formats." + topic.defaultName(),
              Encoding.class,
              Encoding.AVRO,
              "How "
                  + what
                  + " values are written: Avro single objects with the canonical schema, Avro"
                  + " behind the id of a registry's schema, or JSON objects."),
          Setting.tree(
              "mapping." + topic.defaultName(),
              RULES,
              "Where the fields of "
                  + what
                  + " come from, for JSON and Avro with a registry; a field without a rule comes"
                  + " from one of its own name. The README of ingestion explains the rules."));
    }
  }

  private static final List<OfTopic> TOPICS = Topic.inputs().stream().map(OfTopic::of).toList();

  static final Setting<String> REGISTRY_URL =
      Setting.text(
          "schema-registry.url",
          "",
          "Schema registry with Confluent's HTTP interface, such as http://registry:8081; needed"
              + " where a format is avro-registry.",
          new Rule<>("an http or https URL with a host", url -> url.isEmpty() || isHttpUrl(url)));
  static final Setting<String> REGISTRY_CREDENTIALS =
      Setting.text(
          "schema-registry.credentials-file",
          "",
          "File that holds user:password for the registry; read with every request.");
  static final Setting<Duration> REGISTRY_PATIENCE =
      Setting.duration(
          "schema-registry.patience",
          RegistryConfig.none().patience(),
          "How long a registry that does not answer is asked again before the job fails and is"
              + " restored.",
          Rule.positiveDuration());

  private FormatOptions() {}

  private static boolean isHttpUrl(String text) {
    try {
      URI uri = new URI(text);
      return List.of("http", "https").contains(uri.getScheme()) && uri.getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  static List<Setting<?>> all() {
    List<Setting<?>> all = new ArrayList<>();
    TOPICS.forEach(each -> all.add(each.format));
    TOPICS.forEach(each -> all.add(each.mapping));
    all.addAll(List.of(REGISTRY_URL, REGISTRY_CREDENTIALS, REGISTRY_PATIENCE));
    return all;
  }

  static FormatsConfig read(Settings settings) {
    Map<Topic, TopicFormat> formats = new EnumMap<>(Topic.class);
    for (OfTopic each : TOPICS) {
      Encoding encoding = settings.get(each.format);
      RecordMapping mapping = mapping(settings, each);
      if (encoding == Encoding.AVRO && !mapping.isEmpty()) {
        settings.refuse(
            each.mapping.key(),
            mapping.rules().keySet()
                + " - needs "
                + each.format.key()
                + ": json or avro-registry; canonical Avro has nothing to map");
      }
      if (encoding == Encoding.AVRO_REGISTRY && settings.get(REGISTRY_URL).isEmpty()) {
        settings.refuse(
            REGISTRY_URL.key(), "must be set, because " + each.format.key() + " is avro-registry");
      }
      formats.put(each.topic, new TopicFormat(encoding, mapping));
    }
    return new FormatsConfig(
        formats,
        new RegistryConfig(
            settings.get(REGISTRY_URL),
            settings.get(REGISTRY_CREDENTIALS),
            settings.get(REGISTRY_PATIENCE)));
  }

  /** The rules that are right; each mistake is told. */
  private static RecordMapping mapping(Settings settings, OfTopic of) {
    Class<? extends SpecificRecordBase> recordClass = of.topic.recordClass();
    Schema schema = SpecificData.getForClass(recordClass).getSchema(recordClass);
    Map<String, FieldRule> rules = new LinkedHashMap<>();
    settings
        .get(of.mapping)
        .forEach(
            (name, value) -> {
              String key = of.mapping.key() + "." + name;
              Schema.Field field = schema.getField(name);
              boolean map = field != null && field.schema().getType() == Schema.Type.MAP;
              FieldRule rule =
                  map && value instanceof Map<?, ?> names
                      ? entries(settings, key, names)
                      : rule(settings, key, value);
              if (rule != null && fits(settings, of, name, rule)) {
                rules.put(name, rule);
              }
            });
    return new RecordMapping(rules);
  }

  private static boolean fits(Settings settings, OfTopic of, String name, FieldRule rule) {
    try {
      new RecordMapper(of.topic.recordClass(), new RecordMapping(Map.of(name, rule)));
      return true;
    } catch (IllegalArgumentException e) {
      String[] parts = String.valueOf(e.getMessage()).split(": ", 2);
      settings.refuse(of.mapping.key() + "." + parts[0], parts[parts.length - 1]);
      return false;
    }
  }

  private static FieldRule entries(Settings settings, String key, Map<?, ?> names) {
    Map<String, FieldRule> entries = new LinkedHashMap<>();
    names.forEach(
        (name, value) -> {
          FieldRule rule = rule(settings, key + "." + name, value);
          if (rule != null) {
            entries.put(String.valueOf(name), rule);
          }
        });
    return new FieldRule(null, null, Map.of(), null, null, null, null, null, entries);
  }

  private static @Nullable FieldRule rule(Settings settings, String key, Object raw) {
    if (raw instanceof String path) {
      return FieldRule.at(path);
    }
    if (!(raw instanceof Map<?, ?> said)) {
      settings.refuse(key, raw + " - must be a path or settings of a rule");
      return null;
    }
    boolean right = true;
    for (Map.Entry<?, ?> entry : said.entrySet()) {
      String name = String.valueOf(entry.getKey());
      if (!RULE_KEYS.contains(name)) {
        settings.refuse(
            key + "." + name, "is no setting of a rule; there are " + new TreeSet<>(RULE_KEYS));
        right = false;
      } else if (name.equals("values") != (entry.getValue() instanceof Map)) {
        settings.refuse(
            key + "." + name,
            entry.getValue() + " - must be " + (name.equals("values") ? "a map" : "a text"));
        right = false;
      }
    }
    if (!right) {
      return null;
    }
    Map<String, String> values = new LinkedHashMap<>();
    if (said.get("values") instanceof Map<?, ?> translated) {
      translated.forEach((from, to) -> values.put(String.valueOf(from), String.valueOf(to)));
    }
    return new FieldRule(
        text(said, "path"),
        text(said, "default"),
        values,
        text(said, "format"),
        text(said, "zone"),
        scale(settings, key, said),
        text(said, "separator"),
        text(said, "element"),
        Map.of());
  }

  private static @Nullable String text(Map<?, ?> said, String name) {
    Object value = said.get(name);
    return value == null ? null : String.valueOf(value);
  }

  private static @Nullable Double scale(Settings settings, String key, Map<?, ?> said) {
    String text = text(said, "scale");
    try {
      return text == null ? null : ValueType.NUMBER.parse(text);
    } catch (RuntimeException e) {
      settings.refuse(key + ".scale", text + " - must be " + ValueType.NUMBER.label());
      return null;
    }
  }
}
