package io.tagstream.launcher.deadletters;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.RecordHeader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Sends the untouched records of dead letters to the topics they came from, each with a header that
 * names its letter: should it be refused again, its next letter says so. The job counts a record
 * that it has already as a duplicate, so sending twice does no harm. Not thread-safe.
 */
public final class Resubmitter implements AutoCloseable {

  /** Header of records that were sent again: partition and offset of the dead letter. */
  public static final String HEADER = "tagstream-resubmitted";

  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /** A producer to the configuration's brokers. */
  public Resubmitter(TagstreamConfig config) {
    Map<String, Object> properties = config.kafka().clientProperties();
    properties.put("enable.idempotence", "true");
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Sends a letter's record; it is there once {@link #flush} returned. */
  public void send(StoredLetter stored) {
    DeadLetter letter = stored.letter();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            letter.getTopic(),
            Utils.toNullableArray(letter.getKey()),
            Utils.toNullableArray(letter.getValue()));
    for (RecordHeader header : letter.getHeaders()) {
      if (!header.getName().equals(HEADER)) {
        record.headers().add(header.getName(), Utils.toNullableArray(header.getValue()));
      }
    }
    record.headers().add(HEADER, stored.place().toString().getBytes(StandardCharsets.UTF_8));
    Future<RecordMetadata> unused =
        producer.send(record, (metadata, exception) -> failure.compareAndSet(null, exception));
  }

  /**
   * Waits until the broker has everything.
   *
   * @throws KafkaException when it refused something
   */
  public void flush() {
    producer.flush();
    Exception failed = failure.get();
    if (failed != null) {
      throw new KafkaException("a record could not be sent again: " + failed.getMessage(), failed);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
