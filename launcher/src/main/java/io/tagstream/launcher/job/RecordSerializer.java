package io.tagstream.launcher.job;

import io.tagstream.schemas.codec.SingleObjectCodec;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes stream elements as single-object encoded Avro records under a text key.
 *
 * @param <E> what comes
 * @param <R> the record of the topic
 */
final class RecordSerializer<E, R extends SpecificRecordBase>
    implements KafkaRecordSerializationSchema<E> {

  /** A function that travels with the job. */
  interface Extractor<A, B> extends Serializable {
    @Nullable B from(A element);
  }

  private final String topic;
  private final Class<R> recordClass;
  private final Extractor<E, String> key;
  private final Extractor<E, R> record;
  private transient @Nullable SingleObjectCodec<R> codec;

  /**
   * A serializer of one topic.
   *
   * @param key the record's key
   * @param record the record; null for a tombstone
   */
  RecordSerializer(
      String topic, Class<R> recordClass, Extractor<E, String> key, Extractor<E, R> record) {
    this.topic = topic;
    this.recordClass = recordClass;
    this.key = key;
    this.record = record;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      E element, KafkaSinkContext context, @Nullable Long timestamp) {
    SingleObjectCodec<R> encoder = codec;
    if (encoder == null) {
      encoder = new SingleObjectCodec<>(recordClass);
      codec = encoder;
    }
    String text = key.from(element);
    R value = record.from(element);
    return new ProducerRecord<>(
        topic,
        text == null ? null : text.getBytes(StandardCharsets.UTF_8),
        value == null ? null : encoder.encode(value));
  }
}
