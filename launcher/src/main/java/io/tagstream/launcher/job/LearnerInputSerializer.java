package io.tagstream.launcher.job;

import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.TimeMark;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Writes what learners read to a topic of one kind of record, which are its values. Everything else
 * that has to keep its place among them stands in the header {@value #HEADER} of a record without
 * value.
 *
 * @param <R> the record of the topic
 */
final class LearnerInputSerializer<R extends SpecificRecordBase>
    implements KafkaRecordSerializationSchema<LearnerInput> {

  /** Name of the header, which holds a single-object encoded {@link LearnerInput}. */
  static final String HEADER = "tagstream-input";

  private final String topic;
  private final Class<R> recordClass;
  private transient @Nullable SingleObjectCodec<R> values;
  private transient @Nullable SingleObjectCodec<LearnerInput> inputs;

  LearnerInputSerializer(String topic, Class<R> recordClass) {
    this.topic = topic;
    this.recordClass = recordClass;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      LearnerInput input, KafkaSinkContext context, @Nullable Long timestamp) {
    if (recordClass.isInstance(input.getBody())) {
      if (values == null) {
        values = new SingleObjectCodec<>(recordClass);
      }
      return new ProducerRecord<>(
          topic, key(input), values.encode(recordClass.cast(input.getBody())));
    }
    if (inputs == null) {
      inputs = new SingleObjectCodec<>(LearnerInput.class);
    }
    // Time is of no user, and goes where it is told.
    Integer partition = input.getBody() instanceof TimeMark mark ? mark.getPartition() : null;
    byte[] key = partition == null ? key(input) : null;
    Header header = new RecordHeader(HEADER, inputs.encode(input));
    return new ProducerRecord<byte[], byte[]>(topic, partition, null, key, null, List.of(header));
  }

  private static byte[] key(LearnerInput input) {
    return input.getUserId().getBytes(StandardCharsets.UTF_8);
  }
}
