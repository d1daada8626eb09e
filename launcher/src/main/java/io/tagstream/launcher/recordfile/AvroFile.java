package io.tagstream.launcher.recordfile;

import io.tagstream.ingestion.decode.format.FormatsConfig;
import io.tagstream.ingestion.decode.format.RecordFormats;
import io.tagstream.ingestion.decode.format.TopicFormat;
import io.tagstream.ingestion.decode.format.TopicFormat.Encoding;
import io.tagstream.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * An Avro container of any schema. Its values look as if they came from a topic with a registry
 * that knows the container's schema, so that the same mappings read both.
 */
final class AvroFile implements RecordFile {

  private static final int SCHEMA_ID = 1;

  private final ValuePlaces places;
  private final DataFileStream<Object> values;
  private final GenericDatumWriter<Object> writer;

  AvroFile(Path file, InputStream bytes, long changedMillis) throws IOException {
    this.places = new ValuePlaces(file, changedMillis);
    this.values = new DataFileStream<>(bytes, new GenericDatumReader<>());
    this.writer = new GenericDatumWriter<>(values.getSchema());
  }

  @Override
  public @Nullable StoredRecord next() throws IOException {
    try {
      return values.hasNext() ? places.put(framed(values.next())) : null;
    } catch (AvroRuntimeException e) {
      throw places.damaged("Avro container", e);
    }
  }

  /** Confluent's frame: a zero, the schema's id, the bare body. */
  private byte[] framed(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0);
    bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(SCHEMA_ID).array());
    writer.write(value, EncoderFactory.get().directBinaryEncoder(bytes, null));
    return bytes.toByteArray();
  }

  @Override
  public RecordFormats formats(Topic topic, FormatsConfig configured) {
    Schema schema = values.getSchema();
    TopicFormat format = new TopicFormat(Encoding.AVRO_REGISTRY, configured.of(topic).mapping());
    return new RecordFormats(
        new FormatsConfig(Map.of(topic, format), configured.registry()), id -> schema);
  }

  @Override
  public void close() throws IOException {
    values.close();
  }
}
