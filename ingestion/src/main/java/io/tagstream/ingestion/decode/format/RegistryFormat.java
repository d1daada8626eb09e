package io.tagstream.ingestion.decode.format;

import io.tagstream.ingestion.decode.mapping.RecordMapper;
import io.tagstream.ingestion.decode.mapping.RecordMapping;
import io.tagstream.ingestion.decode.mapping.UnmappableRecordException;
import io.tagstream.ingestion.decode.registry.SchemaRegistry;
import io.tagstream.ingestion.decode.registry.UnknownSchemaException;
import io.tagstream.schemas.DeadLetterReason;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityResult;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Avro behind the id of its writer's schema: a zero byte, the id in four bytes, big-endian, and the
 * body (the Confluent wire format).
 *
 * <p>Without a mapping the writer's schema is resolved against the canonical one by Avro's rules:
 * fields may be added, and left out where the canonical one has a default. With a mapping the
 * writer's schema may be any.
 */
final class RegistryFormat implements RecordFormat {

  private static final int HEADER_BYTES = 5;
  private static final Pattern FIELD = Pattern.compile("^/fields/(\\d+)");

  private final Class<? extends SpecificRecordBase> recordClass;
  private final SpecificData data;
  private final Schema canonical;
  private final @Nullable RecordMapper mapper;
  private final SchemaRegistry registry;
  private final Int2ObjectOpenHashMap<Writer> writers = new Int2ObjectOpenHashMap<>();
  private @Nullable BinaryDecoder decoder;

  /**
   * How values of one writer's schema are read.
   *
   * @param reader null when they cannot be
   * @param difference why not
   */
  private record Writer(@Nullable DatumReader<?> reader, String difference) {}

  RegistryFormat(
      Class<? extends SpecificRecordBase> recordClass,
      RecordMapping mapping,
      SchemaRegistry registry) {
    this.recordClass = recordClass;
    this.data = SpecificData.getForClass(recordClass);
    this.canonical = data.getSchema(recordClass);
    this.mapper = mapping.isEmpty() ? null : new RecordMapper(recordClass, mapping);
    this.registry = registry;
  }

  @Override
  public SpecificRecordBase decode(byte[] value) throws UnreadableRecordException {
    if (value.length < HEADER_BYTES || value[0] != 0) {
      throw new UnreadableRecordException(
          DeadLetterReason.UNREADABLE,
          value.length < HEADER_BYTES
              ? value.length + " bytes, and the header of a schema id alone takes " + HEADER_BYTES
              : String.format("starts with %02X, not with the 00 before a schema id", value[0]));
    }
    int id = ByteBuffer.wrap(value, 1, Integer.BYTES).getInt();
    Writer writer = writer(id);
    if (writer.reader == null) {
      throw new UnreadableRecordException(
          DeadLetterReason.INCOMPATIBLE_SCHEMA, "schema " + id + ": " + writer.difference);
    }
    try {
      Object read = read(id, writer.reader, value);
      return mapper == null ? recordClass.cast(read) : mapper.map(AvroTree.of(read));
    } catch (UnmappableRecordException e) {
      throw new UnreadableRecordException(DeadLetterReason.UNMAPPABLE, e);
    } catch (StackOverflowError e) { // a schema may hold itself, and a body go on for ever
      throw new UnreadableRecordException(
          DeadLetterReason.UNREADABLE, "the body of schema " + id + " is nested too deeply");
    }
  }

  private Object read(int id, DatumReader<?> reader, byte[] value)
      throws UnreadableRecordException {
    try {
      decoder =
          DecoderFactory.get()
              .binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, decoder);
      Object read = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new UnreadableRecordException(
            DeadLetterReason.UNREADABLE, "bytes are left over behind a record of schema " + id);
      }
      return read;
    } catch (IOException | RuntimeException e) { // Avro throws any of a dozen kinds
      throw new UnreadableRecordException(
          DeadLetterReason.UNREADABLE, "the body is no record of schema " + id + ": " + e);
    }
  }

  private Writer writer(int id) throws UnreadableRecordException {
    Writer known = writers.get(id);
    if (known != null) {
      return known;
    }
    Writer writer;
    try {
      writer = writer(registry.schema(id));
    } catch (UnknownSchemaException e) {
      throw new UnreadableRecordException(DeadLetterReason.UNKNOWN_SCHEMA, e); // may come yet
    }
    writers.put(id, writer);
    return writer;
  }

  private Writer writer(Schema schema) {
    if (mapper != null) {
      return new Writer(new GenericDatumReader<>(schema, schema, AvroTree.DATA), "");
    }
    SchemaCompatibilityResult result =
        SchemaCompatibility.checkReaderWriterCompatibility(canonical, schema).getResult();
    return result.getCompatibility() == SchemaCompatibilityType.COMPATIBLE
        ? new Writer(new SpecificDatumReader<>(schema, canonical, data), "")
        : new Writer(
            null,
            result.getIncompatibilities().stream()
                .map(this::difference)
                .collect(Collectors.joining("; ")));
  }

  /** Avro says where in the canonical schema by the field's number. */
  private String difference(Incompatibility found) {
    Matcher field = FIELD.matcher(found.getLocation());
    String where =
        field.find()
            ? canonical.getFields().get(Integer.parseInt(field.group(1))).name()
            : canonical.getName();
    return where + ": " + found.getMessage() + " (" + found.getType() + ")";
  }
}
