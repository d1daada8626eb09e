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
  private static final int MOST_VALUES = 100_000;

  public SampleFile {
    values = List.copyOf(values);
  }

  /**
   * Reads a file, up to its first hundred thousand values.
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

  private static SampleFile lines(byte[] bytes) {
    List<byte[]> values = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int i = 0; i <= bytes.length && values.size() < MOST_VALUES; i++) {
      if (i < bytes.length && bytes[i] != '\n') {
        line.write(bytes[i]);
      } else {
        byte[] value = line.toByteArray();
        line.reset();
        if (!new String(value, StandardCharsets.ISO_8859_1).isBlank()) {
          values.add(value);
        }
      }
    }
    return new SampleFile(values, null);
  }

  private static SampleFile container(Path file) throws IOException {
    try (DataFileReader<Object> reader =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      List<byte[]> values = new ArrayList<>();
      Schema schema = reader.getSchema();
      RawValues raw = new RawValues(schema);
      while (values.size() < MOST_VALUES && reader.hasNext()) {
        values.add(raw.of(reader.next()));
      }
      return new SampleFile(values, schema);
    } catch (AvroRuntimeException e) {
      throw new IOException("is a damaged Avro container: " + e.getMessage(), e);
    }
  }
}
