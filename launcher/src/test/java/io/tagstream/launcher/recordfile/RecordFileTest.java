package io.tagstream.launcher.recordfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.replay.LogCursor;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The user's own files, by way of the mapping, become canonical records. */
class RecordFileTest {

  private static final String MAPPED =
      """
      formats: {impressions: json, clicks: json}
      mapping:
        impressions:
          userId: uid
          impressionId: request
          itemId: video
          eventTimeMillis: {path: at, format: epoch-seconds}
          position: rank
          tags: {path: labels, separator: '|'}
        clicks: {userId: uid, impressionId: request, eventTimeMillis: {path: at, format: epoch-seconds}}
      """;

  @TempDir private Path folder;

  @Test
  void aRowOfCsvIsARecord() throws Exception {
    Path file =
        write(
            "shown.csv",
            "uid,request,video,at,rank,labels\nu1,r1,v1,1700000000,3,a|b\n\"u,2\",r2,v2,1700000001,,c\n");
    List<InputRecord> records = read(Topic.IMPRESSIONS, MAPPED, file);
    Impression first = (Impression) records.get(0).getBody();
    assertThat(first.getUserId()).isEqualTo("u1");
    assertThat(first.getEventTimeMillis()).isEqualTo(1_700_000_000_000L);
    assertThat(first.getPosition()).isEqualTo(3);
    assertThat(first.getTags()).containsExactly("a", "b");
    Impression second = (Impression) records.get(1).getBody();
    assertThat(second.getUserId()).isEqualTo("u,2");
    assertThat(second.getPosition()).as("an empty cell").isNull();
  }

  @Test
  void tabsPartColumnsOfTsv() throws Exception {
    Path file = write("clicks.tsv", "uid\trequest\tat\nu1\tr1\t1700000000\n");
    assertThat(bodies(read(Topic.CLICKS, MAPPED, file)))
        .containsExactly(new Click("u1", "r1", 1_700_000_000_000L));
  }

  @Test
  void aLineOfJsonIsARecordAndWithoutMappingTheNamesAreTheCanonicalOnes() throws Exception {
    Path file =
        write(
            "clicks.jsonl",
            """
            {"userId": "u1", "impressionId": "r1", "eventTimeMillis": 1700000000000}

            {"userId": "u2", "impressionId": "r2", "eventTimeMillis": 1700000000001}
            """);
    assertThat(bodies(read(Topic.CLICKS, "", file)))
        .containsExactly(
            new Click("u1", "r1", 1_700_000_000_000L), new Click("u2", "r2", 1_700_000_000_001L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CompressorStreamFactory.GZIP,
        CompressorStreamFactory.XZ,
        CompressorStreamFactory.BZIP2,
        CompressorStreamFactory.ZSTANDARD
      })
  void compressedFilesAreRead(String compression) throws Exception {
    Path file = folder.resolve("clicks.csv." + compression);
    try (OutputStream raw = Files.newOutputStream(file);
        OutputStream out =
            new CompressorStreamFactory().createCompressorOutputStream(compression, raw)) {
      out.write("uid,request,at\nu1,r1,1700000000\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(bodies(read(Topic.CLICKS, MAPPED, file)))
        .containsExactly(new Click("u1", "r1", 1_700_000_000_000L));
  }

  @Test
  void anAvroContainerOfAnySchemaIsMapped() throws Exception {
    Schema schema =
        SchemaBuilder.record("Tap")
            .fields()
            .requiredString("uid")
            .requiredString("request")
            .requiredLong("at")
            .endRecord();
    Path file = folder.resolve("taps.avro");
    try (DataFileWriter<GenericData.Record> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.create(schema, file.toFile());
      writer.append(
          new GenericRecordBuilder(schema)
              .set("uid", "u1")
              .set("request", "r1")
              .set("at", 1_700_000_000L)
              .build());
    }
    assertThat(bodies(read(Topic.CLICKS, MAPPED, file)))
        .containsExactly(new Click("u1", "r1", 1_700_000_000_000L));
  }

  @Test
  void aRefusedRecordSaysWhereItStood() throws Exception {
    Path file = write("clicks.csv", "uid,request,at\nu1,r1,1700000000\n,r2,1700000000\n");
    List<InputRecord> records = read(Topic.CLICKS, MAPPED, file);
    DeadLetter letter = (DeadLetter) records.get(1).getBody();
    assertThat(letter.getReason()).isEqualTo(DeadLetterReason.UNMAPPABLE);
    assertThat(letter.getHeaders()).hasSize(1);
    String place =
        StandardCharsets.UTF_8.decode(letter.getHeaders().get(0).getValue().duplicate()).toString();
    assertThat(place).isEqualTo(file + ":2");
  }

  @Test
  void aParquetFileIsRefusedWithWhatToDo() throws Exception {
    Path parquet = Files.writeString(folder.resolve("clicks.parquet"), "PAR1 and more");
    assertThatThrownBy(() -> RecordFile.open(parquet))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(parquet + " - is a Parquet file, and those are not read")
        .hasMessageContaining("COPY (FROM 'in.parquet') TO 'out.csv.gz'");
  }

  @Test
  void aDamagedFileIsNamedAndThePlace() throws Exception {
    Path whole = folder.resolve("whole.avro");
    Schema schema = SchemaBuilder.record("Tap").fields().requiredString("uid").endRecord();
    try (DataFileWriter<GenericData.Record> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.create(schema, whole.toFile());
      writer.append(new GenericRecordBuilder(schema).set("uid", "u1").build());
      writer.sync();
      writer.append(new GenericRecordBuilder(schema).set("uid", "u2").build());
    }
    byte[] bytes = Files.readAllBytes(whole);
    bytes[bytes.length - 1]++;
    Path damaged = folder.resolve("damaged.avro");
    Files.write(damaged, bytes);
    assertThatThrownBy(() -> read(Topic.CLICKS, MAPPED, damaged))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(damaged + " - is a damaged Avro container: after record");
  }

  @Test
  void severalFilesAreOnePartition() throws Exception {
    Path one = write("1.csv", "uid,request,at\nu1,r1,1700000000\n");
    Path two = write("2.csv", "uid,request,at\nu2,r2,1700000000\nu3,r3,1700000000\n");
    List<InputRecord> records = read(Topic.CLICKS, MAPPED, one, two);
    assertThat(records)
        .extracting(record -> ((Click) record.getBody()).getUserId())
        .containsExactly("u1", "u2", "u3");
    assertThat(records)
        .extracting(record -> record.getOrigin().getOffset())
        .as("offsets grow")
        .isSorted()
        .doesNotHaveDuplicates();
  }

  private static List<Object> bodies(List<InputRecord> records) {
    return records.stream().map(InputRecord::getBody).toList();
  }

  private static List<InputRecord> read(Topic topic, String settings, Path... files)
      throws Exception {
    TagstreamConfig config = TagstreamConfig.parse("test", settings);
    List<InputRecord> records = new ArrayList<>();
    try (LogCursor cursor = LogCursor.over(topic, List.of(files), config)) {
      for (InputRecord next = cursor.next(); next != null; next = cursor.next()) {
        records.add(next);
      }
    }
    return records;
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
