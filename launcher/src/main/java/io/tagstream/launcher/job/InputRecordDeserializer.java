package io.tagstream.launcher.job;

import io.tagstream.ingestion.decode.RecordDecoder;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Ingestion's decoder inside Kafka's source: what is refused leaves it as a dead letter and never
 * reaches the watermark generator as an event.
 */
final class InputRecordDeserializer implements KafkaRecordDeserializationSchema<InputRecord> {

  private final RecordDecoder decoder;

  InputRecordDeserializer(RecordDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<InputRecord> out) {
    out.collect(
        decoder.decode(
            record.topic(),
            record.partition(),
            record.offset(),
            record.timestamp(),
            record.key(),
            record.value(),
            headers(record)));
  }

  private static List<RecordHeader> headers(ConsumerRecord<byte[], byte[]> record) {
    Header[] headers = record.headers().toArray();
    if (headers.length == 0) {
      return List.of();
    }
    List<RecordHeader> copies = new ArrayList<>(headers.length);
    for (Header header : headers) {
      byte[] value = header.value();
      copies.add(new RecordHeader(header.key(), value == null ? null : ByteBuffer.wrap(value)));
    }
    return copies;
  }

  @Override
  public TypeInformation<InputRecord> getProducedType() {
    return new AvroTypeInfo<>(InputRecord.class);
  }
}
