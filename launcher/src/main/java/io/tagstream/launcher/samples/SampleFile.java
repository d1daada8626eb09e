package io.tagstream.launcher.samples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Values as they would come from a topic, out of a file: an Avro container (by its first bytes), or
 * else one value per line.
 *
 * @param values the bytes of each value; of a container without any header
 * @param schema the container's schema; null for lines
 */
public record SampleFile(List<byte[]> values, @Nullable Schema schema) {

  private static final byte[] CONTAINER = {'O', 'b', 'j', 1};

  public SampleFile {
    values = List.copyOf(values);
  }

  /**
   * Reads a whole file into memory: it is meant for samples.
   *
   * @throws IOException when it cannot be read; the message says why
   */
  public static SampleFile read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    boolean container =
        bytes.length >= CONTAINER.length
            && ByteBuffer.wrap(bytes, 0, CONTAINER.length).equals(ByteBuffer.wrap(CONTAINER));
    return container ? container(file) : lines(bytes);
  }

  /** One byte is one char of Latin-1, so a line comes out as it went in. */
  private static SampleFile lines(byte[] bytes) {
    return new SampleFile(
        new String(bytes, StandardCharsets.ISO_8859_1)
            .lines()
            .filter(line -> !line.isBlank())
            .map(line -> line.getBytes(StandardCharsets.ISO_8859_1))
            .toList(),
        null);
  }

  private static SampleFile container(Path file) throws IOException {
    try (DataFileReader<Object> reader =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      Schema schema = reader.getSchema();
      GenericDatumWriter<Object> writer = new GenericDatumWriter<>(schema);
      List<byte[]> values = new ArrayList<>();
      for (Object value : reader) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.write(value, EncoderFactory.get().directBinaryEncoder(bytes, null));
        values.add(bytes.toByteArray());
      }
      return new SampleFile(values, schema);
    } catch (AvroRuntimeException e) {
      throw new IOException("is a damaged Avro container: " + e.getMessage(), e);
    }
  }
}
