package io.tagstream.launcher.job;

import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.codec.MalformedRecordException;
import io.tagstream.schemas.codec.SingleObjectCodec;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic for learners: values of one kind of record, and what {@link LearnerInputSerializer}
 * puts among them. What is neither is logged and skipped: it must not stop the job.
 *
 * @param <R> the record of the topic
 */
final class LearnerInputDeserializer<R extends SpecificRecordBase>
    implements KafkaRecordDeserializationSchema<LearnerInput> {

  private static final Logger LOG = LoggerFactory.getLogger(LearnerInputDeserializer.class);

  private final Class<R> recordClass;
  private final RecordSerializer.Extractor<R, String> user;
  private transient @Nullable SingleObjectCodec<R> values;
  private transient @Nullable SingleObjectCodec<LearnerInput> inputs;

  /**
   * A deserializer.
   *
   * @param user whom a record is of; null for a record of no user
   */
  LearnerInputDeserializer(Class<R> recordClass, RecordSerializer.Extractor<R, String> user) {
    this.recordClass = recordClass;
    this.user = user;
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<LearnerInput> out) {
    try {
      out.collect(decode(record));
    } catch (MalformedRecordException e) {
      LOG.error(
          "{}-{}@{} is no {} and changes nothing: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          recordClass.getSimpleName(),
          e.getMessage());
    }
  }

  private LearnerInput decode(ConsumerRecord<byte[], byte[]> record)
      throws MalformedRecordException {
    if (record.value() == null) {
      Header other = record.headers().lastHeader(LearnerInputSerializer.HEADER);
      if (inputs == null) {
        inputs = new SingleObjectCodec<>(LearnerInput.class);
      }
      return inputs.decode(other == null ? null : other.value());
    }
    if (values == null) {
      values = new SingleObjectCodec<>(recordClass);
    }
    R value = values.decode(record.value());
    String of = user.from(value);
    return new LearnerInput(of == null ? "" : of, value);
  }

  @Override
  public TypeInformation<LearnerInput> getProducedType() {
    return new AvroTypeInfo<>(LearnerInput.class);
  }
}
