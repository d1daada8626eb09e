package io.tagstream.ingestion.decode;

import static io.tagstream.ingestion.decode.SampleRecords.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.ingestion.decode.format.FormatsConfig;
import io.tagstream.ingestion.decode.format.TopicFormat;
import io.tagstream.ingestion.decode.format.TopicFormat.Encoding;
import io.tagstream.ingestion.decode.mapping.RecordMapping;
import io.tagstream.ingestion.decode.registry.RegistryConfig;
import io.tagstream.ingestion.decode.registry.RegistryServer;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.RecordHeader;
import io.tagstream.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A million mutated records, over all topics and formats: each is a record or a dead letter. */
class MutatedRecordsTest {

  private static final long SEED = 20_260_118;
  private static final int RECORDS = 334_000;
  private static final int HEADER_OF_AVRO = 10;
  private static final List<RecordHeader> HEADERS =
      List.of(new RecordHeader("trace", ByteBuffer.wrap(new byte[] {1, 2})));

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void anyMutationIsARecordOrADeadLetter(Encoding encoding) throws Exception {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    List<Topic> topics = Topic.inputs();
    Map<DeadLetterReason, Integer> reasons = new TreeMap<>();
    int records = 0;
    try (RegistryServer registry = new RegistryServer()) {
      Map<Topic, byte[]> good = new EnumMap<>(Topic.class);
      Map<Topic, TopicFormat> formats = new HashMap<>();
      for (Topic topic : topics) {
        SpecificRecordBase record = SampleRecords.of(topic);
        registry.put(id(topic), record.getSchema().toString());
        good.put(topic, encode(encoding, topic, record));
        formats.put(topic, new TopicFormat(encoding, RecordMapping.none()));
      }
      RegistryConfig at = new RegistryConfig(registry.url(), "", Duration.ofSeconds(5));
      RecordDecoder decoder =
          new RecordDecoder(IngestionConfig.defaults(), new FormatsConfig(formats, at));
      for (int i = 0; i < RECORDS; i++) {
        Topic topic = topics.get(i % topics.size());
        byte[] value = good.get(random.nextInt(20) == 0 ? Topic.STAYS : topic);
        value = mutated(value, header(encoding), random);
        byte[] key = random.nextInt(3) == 0 ? null : SampleRecords.key(topic);
        InputRecord record =
            decoder.decode(topic.defaultName(), 0, i, NOW, key, value.clone(), HEADERS);
        if (record.getBody() instanceof DeadLetter letter) {
          reasons.merge(letter.getReason(), 1, Integer::sum);
          if (letter.getDetail().isEmpty()
              || !letter.getValue().equals(ByteBuffer.wrap(value))
              || !letter.getHeaders().equals(HEADERS)) {
            throw new AssertionError("mutation " + i + ": " + letter);
          }
        } else {
          records++;
          if (record.getBody().getClass() != topic.recordClass()) {
            throw new AssertionError("mutation " + i + ": " + record);
          }
        }
      }
    }
    System.out.println(encoding + ": " + records + " records, refused " + reasons);
    assertThat(reasons).doesNotContainKey(DeadLetterReason.UNKNOWN_REASON);
    assertThat(reasons).containsKeys(DeadLetterReason.UNREADABLE, DeadLetterReason.KEY_MISMATCH);
    assertThat(records).isGreaterThan(RECORDS / 20);
    assertThat(records).isLessThan(RECORDS);
  }

  private static int id(Topic topic) {
    return Topic.inputs().indexOf(topic);
  }

  private static byte[] encode(Encoding encoding, Topic topic, SpecificRecordBase record) {
    byte[] avro = SampleRecords.encode(record);
    return switch (encoding) {
      case AVRO -> avro;
      case AVRO_REGISTRY ->
          ByteBuffer.allocate(5 + avro.length - HEADER_OF_AVRO)
              .put((byte) 0)
              .putInt(id(topic))
              .put(avro, HEADER_OF_AVRO, avro.length - HEADER_OF_AVRO)
              .array();
      case JSON -> record.toString().getBytes(StandardCharsets.UTF_8);
    };
  }

  /** Mostly the body is mutated: a broken header is refused before anything else is read. */
  private static int header(Encoding encoding) {
    return switch (encoding) {
      case AVRO -> HEADER_OF_AVRO;
      case AVRO_REGISTRY -> 5;
      case JSON -> 0;
    };
  }

  private static byte[] mutated(byte[] good, int headerBytes, Random random) {
    byte[] bytes =
        switch (random.nextInt(6)) {
          case 0 -> Arrays.copyOf(good, random.nextInt(good.length + 8));
          default -> good.clone();
        };
    int header = random.nextInt(10) == 0 ? 0 : headerBytes;
    for (int m = random.nextInt(4); m > 0 && bytes.length > header; m--) {
      int at = header + random.nextInt(bytes.length - header);
      bytes[at] =
          random.nextBoolean()
              ? (byte) random.nextInt()
              : (byte) (bytes[at] ^ 1 << random.nextInt(8));
    }
    return bytes;
  }
}
