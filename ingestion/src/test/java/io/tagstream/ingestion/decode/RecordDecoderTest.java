package io.tagstream.ingestion.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.RecordHeader;
import io.tagstream.schemas.Topic;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordDecoderTest {

  private static final long NOW = SampleRecords.NOW;
  private static final List<RecordHeader> HEADERS =
      List.of(new RecordHeader("trace", ByteBuffer.wrap(new byte[] {1, 2})));

  private final RecordDecoder decoder = new RecordDecoder(IngestionConfig.defaults());

  private InputRecord decode(SpecificRecordBase record, Topic topic, byte[] key) {
    return decoder.decode(
        topic.defaultName(), 2, 42, NOW, key, SampleRecords.encode(record), HEADERS);
  }

  private DeadLetter refused(SpecificRecordBase record, Topic topic) {
    InputRecord decoded = decode(record, topic, null);
    assertThat(decoded.getBody()).isInstanceOf(DeadLetter.class);
    return (DeadLetter) decoded.getBody();
  }

  private void assertRefused(
      SpecificRecordBase record, Topic topic, DeadLetterReason reason, String... detail) {
    DeadLetter letter = refused(record, topic);
    assertThat(letter.getReason()).isEqualTo(reason);
    for (String part : detail) {
      assertThat(letter.getDetail()).contains(part);
    }
  }

  private static void set(SpecificRecordBase record, String field, Object value) {
    record.put(record.getSchema().getField(field).pos(), value);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"IMPRESSIONS", "CLICKS", "STAYS", "CONVERSIONS", "ITEMS", "USERS", "USER_DELETIONS"})
  void decodesEveryTopicWithAndWithoutKey(Topic topic) {
    SpecificRecordBase good = SampleRecords.of(topic);
    for (byte[] key : new byte[][] {SampleRecords.key(topic), null}) {
      InputRecord record = decode(good, topic, key);
      assertThat(record.getBody()).isEqualTo(good);
      assertThat(record.getOrigin().getTopic()).isEqualTo(topic.defaultName());
      assertThat(record.getOrigin().getPartition()).isEqualTo(2);
      assertThat(record.getOrigin().getOffset()).isEqualTo(42);
      assertThat(record.getOrigin().getAppendTimeMillis()).isEqualTo(NOW);
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"IMPRESSIONS", "CLICKS", "STAYS", "CONVERSIONS", "ITEMS", "USERS", "USER_DELETIONS"})
  void garbageOnEveryTopicKeepsItsBytesAndHeaders(Topic topic) {
    byte[] garbage = "{\"no\": \"avro\"}".getBytes(StandardCharsets.UTF_8);
    byte[] key = {9, 8};
    InputRecord record = decoder.decode(topic.defaultName(), 1, 7, NOW, key, garbage, HEADERS);
    DeadLetter letter = (DeadLetter) record.getBody();
    assertThat(letter.getReason()).isEqualTo(DeadLetterReason.UNREADABLE);
    assertThat(letter.getDetail()).startsWith("value: ");
    assertThat(letter.getTopic()).isEqualTo(topic.defaultName());
    assertThat(letter.getPartition()).isEqualTo(1);
    assertThat(letter.getOffset()).isEqualTo(7);
    assertThat(letter.getAppendTimeMillis()).isEqualTo(NOW);
    assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap(key));
    assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(garbage));
    assertThat(letter.getHeaders()).isEqualTo(HEADERS);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"IMPRESSIONS", "CLICKS", "STAYS", "CONVERSIONS", "ITEMS", "USERS", "USER_DELETIONS"})
  void rulesOfEveryRecord(Topic topic) {
    for (Schema.Field field : topic.schema().getFields()) {
      if (field.name().endsWith("Id")) {
        SpecificRecordBase record = SampleRecords.of(topic);
        set(record, field.name(), " ");
        assertRefused(record, topic, DeadLetterReason.MISSING_ID, field.name() + ": \" \"");
      }
    }
    SpecificRecordBase never = SampleRecords.of(topic);
    set(never, "eventTimeMillis", 0L);
    assertRefused(never, topic, DeadLetterReason.INVALID_EVENT_TIME, "eventTimeMillis: 0");
    set(never, "eventTimeMillis", Long.MIN_VALUE);
    assertRefused(never, topic, DeadLetterReason.INVALID_EVENT_TIME, "" + Long.MIN_VALUE);
    SpecificRecordBase future = SampleRecords.of(topic);
    set(future, "eventTimeMillis", NOW + 5_001);
    assertRefused(
        future, topic, DeadLetterReason.EVENT_TIME_IN_FUTURE, "" + (NOW + 5_001), "5000 ms");
    set(future, "eventTimeMillis", Long.MAX_VALUE);
    assertRefused(future, topic, DeadLetterReason.EVENT_TIME_IN_FUTURE);
    set(future, "eventTimeMillis", NOW + 5_000);
    assertThat(decode(future, topic, null).getBody()).isEqualTo(future);
    InputRecord mismatch =
        decode(SampleRecords.of(topic), topic, "other".getBytes(StandardCharsets.UTF_8));
    assertThat(((DeadLetter) mismatch.getBody()).getReason())
        .isEqualTo(DeadLetterReason.KEY_MISMATCH);
    assertThat(((DeadLetter) mismatch.getBody()).getDetail()).contains("\"other\"", "1\"");
  }

  @Test
  void rulesOfSingleFields() {
    SpecificRecordBase impression = SampleRecords.impression();
    set(impression, "entity", "ad");
    assertRefused(
        impression, Topic.IMPRESSIONS, DeadLetterReason.UNKNOWN_ENTITY, "\"ad\"", "[item]");
    SpecificRecordBase item = SampleRecords.item();
    set(item, "entity", "");
    assertRefused(item, Topic.ITEMS, DeadLetterReason.UNKNOWN_ENTITY);
    SpecificRecordBase stay = SampleRecords.stay();
    set(stay, "stayMillis", -1L);
    assertRefused(stay, Topic.STAYS, DeadLetterReason.NEGATIVE_STAY, "stayMillis: -1");
    SpecificRecordBase type = SampleRecords.conversion();
    set(type, "conversionType", "gift");
    assertRefused(
        type, Topic.CONVERSIONS, DeadLetterReason.UNKNOWN_CONVERSION_TYPE, "gift", "purchase");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aConversionsValueIsFinite(double value) {
    SpecificRecordBase conversion = SampleRecords.conversion();
    set(conversion, "value", value);
    assertRefused(conversion, Topic.CONVERSIONS, DeadLetterReason.INVALID_VALUE, "value: " + value);
  }

  @Test
  void longValuesAreShortenedInDetails() {
    SpecificRecordBase impression = SampleRecords.impression();
    set(impression, "entity", "x".repeat(100_000));
    DeadLetter letter = refused(impression, Topic.IMPRESSIONS);
    assertThat(letter.getDetail()).hasSizeLessThan(400).contains("100002 characters");
  }

  @Test
  void tombstonesAndUnknownTopicsAreRefused() {
    InputRecord tombstone = decoder.decode("users", 0, 0, NOW, new byte[] {1}, null, List.of());
    assertThat(((DeadLetter) tombstone.getBody()).getReason())
        .isEqualTo(DeadLetterReason.UNREADABLE);
    assertThat(((DeadLetter) tombstone.getBody()).getValue()).isNull();
    InputRecord stranger = decoder.decode("orders", 0, 0, NOW, null, new byte[] {1}, List.of());
    assertThat(((DeadLetter) stranger.getBody()).getDetail()).contains("topic: orders", "clicks");
  }

  @Test
  void worksAfterSerialization() throws Exception {
    decode(SampleRecords.click(), Topic.CLICKS, null);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(decoder);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      RecordDecoder copy = (RecordDecoder) in.readObject();
      InputRecord record =
          copy.decode(
              "clicks", 0, 0, NOW, null, SampleRecords.encode(SampleRecords.click()), List.of());
      assertThat(record.getBody()).isEqualTo(SampleRecords.click());
    }
  }
}
