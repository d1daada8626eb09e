package io.tagstream.launcher.job;

import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.RecordHeader;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.ByteBuffer;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes dead letters under the refused record's own key and with its own headers, untouched. */
final class DeadLetterSerializer implements KafkaRecordSerializationSchema<DeadLetter> {

  private final String topic;
  private transient @Nullable SingleObjectCodec<DeadLetter> codec;

  DeadLetterSerializer(String topic) {
    this.topic = topic;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      DeadLetter letter, KafkaSinkContext context, @Nullable Long timestamp) {
    SingleObjectCodec<DeadLetter> encoder = codec;
    if (encoder == null) {
      encoder = new SingleObjectCodec<>(DeadLetter.class);
      codec = encoder;
    }
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, bytes(letter.getKey()), encoder.encode(letter));
    for (RecordHeader header : letter.getHeaders()) {
      record.headers().add(header.getName(), bytes(header.getValue()));
    }
    return record;
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
