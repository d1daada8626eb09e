package io.tagstream.ingestion.decode.format;

import io.tagstream.ingestion.decode.mapping.RecordMapping;
import java.io.Serializable;

/**
 * How a topic's values are written.
 *
 * @param encoding of the bytes
 * @param mapping from the user's fields to the canonical ones; canonical single objects have none
 */
public record TopicFormat(Encoding encoding, RecordMapping mapping) implements Serializable {

  /** Encodings of values. */
  public enum Encoding {
    /** Avro single-object encoding with the canonical schema. */
    AVRO,
    /** Avro behind the id of its schema in a registry: a zero byte, four bytes of id, the body. */
    AVRO_REGISTRY,
    /** A JSON object. */
    JSON
  }

  /** Avro single objects. */
  public static TopicFormat canonical() {
    return new TopicFormat(Encoding.AVRO, RecordMapping.none());
  }
}
