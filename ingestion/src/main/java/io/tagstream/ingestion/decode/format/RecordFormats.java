package io.tagstream.ingestion.decode.format;

import io.tagstream.ingestion.decode.mapping.RecordMapper;
import io.tagstream.ingestion.decode.registry.HttpSchemaRegistry;
import io.tagstream.ingestion.decode.registry.SchemaRegistry;
import io.tagstream.schemas.Topic;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The formats of all topics, each made when its first value comes. Not thread-safe. */
public final class RecordFormats {

  private final FormatsConfig config;
  private final Map<Topic, RecordFormat> formats = new EnumMap<>(Topic.class);
  private @Nullable SchemaRegistry registry;

  /** The formats of a configuration, with the registry that it names. */
  public RecordFormats(FormatsConfig config) {
    this(config, null);
  }

  /** The formats of a configuration, with another registry. */
  public RecordFormats(FormatsConfig config, @Nullable SchemaRegistry registry) {
    this.config = config;
    this.registry = registry;
  }

  /** The format of a topic's values. */
  public RecordFormat of(Topic topic) {
    RecordFormat format = formats.get(topic);
    if (format == null) {
      format = make(topic);
      formats.put(topic, format);
    }
    return format;
  }

  private RecordFormat make(Topic topic) {
    TopicFormat wanted = config.of(topic);
    SingleObjectFormat canonical = new SingleObjectFormat(topic.recordClass());
    return switch (wanted.encoding()) {
      case AVRO -> canonical;
      case JSON ->
          new CanonicalToo(
              canonical, new JsonFormat(new RecordMapper(topic.recordClass(), wanted.mapping())));
      case AVRO_REGISTRY ->
          new CanonicalToo(
              canonical, new RegistryFormat(topic.recordClass(), wanted.mapping(), registry()));
    };
  }

  private SchemaRegistry registry() {
    if (registry == null) {
      registry = new HttpSchemaRegistry(config.registry());
    }
    return registry;
  }
}
