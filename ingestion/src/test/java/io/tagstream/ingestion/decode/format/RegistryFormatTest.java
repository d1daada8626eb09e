package io.tagstream.ingestion.decode.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.ingestion.decode.format.TopicFormat.Encoding;
import io.tagstream.ingestion.decode.mapping.FieldRule;
import io.tagstream.ingestion.decode.mapping.RecordMapping;
import io.tagstream.ingestion.decode.registry.RegistryConfig;
import io.tagstream.ingestion.decode.registry.RegistryServer;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RegistryFormatTest {

  private static final int ID = 70_000;

  @AutoClose private final RegistryServer server = new RegistryServer();

  @Test
  void addedFieldsAreSkippedAndOptionalOnesMayBeMissing() throws Exception {
    Schema evolved =
        SchemaBuilder.record("Impression")
            .namespace("com.example.shop")
            .fields()
            .requiredString("campaign")
            .requiredString("itemId")
            .requiredString("userId")
            .requiredString("impressionId")
            .requiredLong("eventTimeMillis")
            .endRecord();
    GenericRecord record =
        new GenericRecordBuilder(evolved)
            .set("campaign", "autumn")
            .set("itemId", "x")
            .set("userId", "u")
            .set("impressionId", "i")
            .set("eventTimeMillis", 5L)
            .build();
    assertThat(format(Topic.IMPRESSIONS, RecordMapping.none()).decode(framed(record)))
        .isEqualTo(
            Impression.newBuilder()
                .setUserId("u")
                .setImpressionId("i")
                .setItemId("x")
                .setEventTimeMillis(5)
                .build());
  }

  @Test
  void aDifferenceThatCannotBeBridgedIsNamed() throws Exception {
    Schema other =
        SchemaBuilder.record("Click")
            .namespace("com.example.shop")
            .fields()
            .requiredLong("userId")
            .requiredString("impressionId")
            .endRecord();
    GenericRecord record =
        new GenericRecordBuilder(other).set("userId", 7L).set("impressionId", "i").build();
    refused(
        format(Topic.CLICKS, RecordMapping.none()),
        framed(record),
        DeadLetterReason.INCOMPATIBLE_SCHEMA,
        "schema 70000: ",
        "userId",
        "eventTimeMillis");
  }

  @Test
  void anySchemaIsReadWithAMapping() throws Exception {
    Schema other =
        SchemaBuilder.record("PageView")
            .fields()
            .name("who")
            .type()
            .record("Who")
            .fields()
            .requiredLong("number")
            .endRecord()
            .noDefault()
            .requiredString("view")
            .name("at")
            .type(
                org.apache.avro.LogicalTypes.timestampMicros()
                    .addToSchema(Schema.create(Schema.Type.LONG)))
            .noDefault()
            .endRecord();
    GenericRecord record =
        new GenericRecordBuilder(other)
            .set(
                "who",
                new GenericRecordBuilder(other.getField("who").schema()).set("number", 7L).build())
            .set("view", "v")
            .set("at", 1_700_000_000_123_456L)
            .build();
    RecordMapping mapping =
        new RecordMapping(
            Map.of(
                "userId", FieldRule.at("who.number"),
                "impressionId", FieldRule.at("view"),
                "eventTimeMillis", FieldRule.at("at")));
    assertThat(format(Topic.CLICKS, mapping).decode(framed(record)))
        .isEqualTo(new Click("7", "v", 1_700_000_000_123L));
    refused(
        format(Topic.STAYS, mapping),
        framed(record),
        DeadLetterReason.UNMAPPABLE,
        "stayMillis: nothing at stayMillis - is required");
  }

  @Test
  void aBodyNestedWithoutEndIsUnreadable() throws Exception {
    Schema nested =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Node", "fields": [
                  {"name": "next", "type": ["null", "Node"], "default": null}]}
                """);
    server.put(ID, nested.toString());
    byte[] value = new byte[5 + 2_000_000];
    Arrays.fill(value, 5, value.length - 1, (byte) 2); // one more, and one more
    ByteBuffer.wrap(value).put((byte) 0).putInt(ID);
    refused(
        format(Topic.CLICKS, new RecordMapping(Map.of("userId", FieldRule.at("next")))),
        value,
        DeadLetterReason.UNREADABLE,
        "nested too deeply");
  }

  @Test
  void whatIsNoFramedRecordIsUnreadable() throws Exception {
    RecordFormat format = format(Topic.CLICKS, RecordMapping.none());
    Click click = new Click("u", "i", 5L);
    byte[] good = framed(click);
    assertThat(format.decode(good)).isEqualTo(click);
    refused(format, new byte[] {0, 0, 1}, DeadLetterReason.UNREADABLE, "3 bytes");
    byte[] marked = good.clone();
    marked[0] = (byte) 0xC3;
    refused(format, marked, DeadLetterReason.UNREADABLE, "starts with C3");
    refused(
        format,
        Arrays.copyOf(good, good.length + 1),
        DeadLetterReason.UNREADABLE,
        "bytes are left over");
    refused(
        format,
        Arrays.copyOf(good, good.length - 1),
        DeadLetterReason.UNREADABLE,
        "is no record of schema 70000");
    byte[] unknown = good.clone();
    unknown[4]++;
    refused(format, unknown, DeadLetterReason.UNKNOWN_SCHEMA, "is not known to " + server.url());
  }

  private static void refused(
      RecordFormat format, byte[] value, DeadLetterReason reason, String... parts) {
    assertThatThrownBy(() -> format.decode(value))
        .isInstanceOfSatisfying(
            UnreadableRecordException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .message()
        .contains(List.of(parts));
  }

  private RecordFormat format(Topic topic, RecordMapping mapping) {
    RegistryConfig registry = new RegistryConfig(server.url(), "", Duration.ofSeconds(1));
    TopicFormat format = new TopicFormat(Encoding.AVRO_REGISTRY, mapping);
    return new RecordFormats(new FormatsConfig(Map.of(topic, format), registry)).of(topic);
  }

  private byte[] framed(org.apache.avro.generic.IndexedRecord record) throws IOException {
    server.put(ID, record.getSchema().toString());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(ByteBuffer.allocate(5).put((byte) 0).putInt(ID).array());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new GenericDatumWriter<>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }
}
