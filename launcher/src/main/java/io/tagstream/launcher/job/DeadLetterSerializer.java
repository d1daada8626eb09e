package io.tagstream.launcher.job;

import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.RecordHeader;
import io.tagstream.schemas.codec.SingleObjectCodec;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
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
        new ProducerRecord<>(topic, Utils.toNullableArray(letter.getKey()), encoder.encode(letter));
    for (RecordHeader header : letter.getHeaders()) {
      record.headers().add(header.getName(), Utils.toNullableArray(header.getValue()));
    }
    return record;
  }
}
