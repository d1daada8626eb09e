package io.tagstream.ingestion.decode.format;

import io.tagstream.ingestion.decode.registry.RegistryConfig;
import io.tagstream.schemas.Topic;
import java.io.Serializable;
import java.util.Map;

/**
 * How the values of each topic are written.
 *
 * @param byTopic formats; a topic without one holds Avro single objects
 * @param registry where schemas of registry-framed values are
 */
public record FormatsConfig(Map<Topic, TopicFormat> byTopic, RegistryConfig registry)
    implements Serializable {

  public FormatsConfig {
    byTopic = Map.copyOf(byTopic);
  }

  /** Avro single objects everywhere. */
  public static FormatsConfig defaults() {
    return new FormatsConfig(Map.of(), RegistryConfig.none());
  }

  /** The format of a topic. */
  public TopicFormat of(Topic topic) {
    return byTopic.getOrDefault(topic, TopicFormat.canonical());
  }
}
