package io.tagstream.ingestion.decode;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.ingestion.decode.format.FormatsConfig;
import io.tagstream.ingestion.decode.format.RecordFormat;
import io.tagstream.ingestion.decode.format.RecordFormats;
import io.tagstream.ingestion.decode.format.UnreadableRecordException;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Origin;
import io.tagstream.schemas.RecordHeader;
import io.tagstream.schemas.Topic;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Decodes and validates one record of one of the input topics. It belongs into the source's
 * deserializer, so that refused records never reach the watermark generator.
 *
 * <p>Not thread-safe.
 */
public final class RecordDecoder implements Serializable {

  private final Map<String, Topic> topics;
  private final RecordRules rules;
  private final FormatsConfig formatsConfig;
  private transient @Nullable RecordFormats formats;

  /** Avro single objects on every topic. */
  public RecordDecoder(IngestionConfig config) {
    this(config, FormatsConfig.defaults());
  }

  /** A decoder of these formats; the rules are the same for all. */
  public RecordDecoder(IngestionConfig config, FormatsConfig formats) {
    this.topics = config.topics();
    this.rules = new RecordRules(config);
    this.formatsConfig = formats;
  }

  /** A decoder with formats that are made already; it cannot be sent elsewhere. */
  public static RecordDecoder of(IngestionConfig config, RecordFormats formats) {
    RecordDecoder decoder = new RecordDecoder(config, FormatsConfig.defaults());
    decoder.formats = formats;
    return decoder;
  }

  /**
   * The record, or the dead letter it becomes. Throws for no data whatever.
   *
   * @param topic the topic's name as configured
   * @param appendTimeMillis the broker's append time, milliseconds since the epoch
   * @param key untouched, null when the record has none; taken over, not copied
   * @param value untouched, null for a tombstone; taken over by a dead letter, not copied
   * @param headers untouched, in order
   */
  public InputRecord decode(
      String topic,
      int partition,
      long offset,
      long appendTimeMillis,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers) {
    Origin origin = new Origin(topic, partition, offset, appendTimeMillis);
    Topic kind = topics.get(topic);
    if (kind == null) {
      Violation violation =
          Violation.of(
              DeadLetterReason.UNREADABLE,
              "topic",
              topic,
              "is not configured; configured are " + new TreeSet<>(topics.keySet()));
      return refused(origin, violation, key, value, headers);
    }
    if (value == null) {
      Violation violation =
          Violation.of(
              DeadLetterReason.UNREADABLE,
              "value",
              "null",
              "tombstones say nothing here; to forget a user write to the user-deletions topic");
      return refused(origin, violation, key, null, headers);
    }
    SpecificRecordBase record;
    try {
      record = format(kind).decode(value);
    } catch (UnreadableRecordException e) {
      Violation violation = new Violation(e.reason(), "value: " + e.getMessage());
      return refused(origin, violation, key, value, headers);
    }
    Violation violation = rules.check(record, key, appendTimeMillis);
    return violation == null
        ? new InputRecord(origin, record)
        : refused(origin, violation, key, value, headers);
  }

  private RecordFormat format(Topic kind) {
    RecordFormats all = formats;
    if (all == null) { // first use, or just deserialized
      all = new RecordFormats(formatsConfig);
      formats = all;
    }
    return all.of(kind);
  }

  private static InputRecord refused(
      Origin origin,
      Violation violation,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers) {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setTopic(origin.getTopic())
            .setPartition(origin.getPartition())
            .setOffset(origin.getOffset())
            .setAppendTimeMillis(origin.getAppendTimeMillis())
            .setReason(violation.reason())
            .setDetail(violation.detail())
            .setKey(key == null ? null : ByteBuffer.wrap(key))
            .setValue(value == null ? null : ByteBuffer.wrap(value))
            .setHeaders(headers)
            .build();
    return new InputRecord(origin, letter);
  }
}
