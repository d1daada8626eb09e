package io.tagstream.schemas.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Avro single-object encoding of one record type: marker {@code C3 01}, little-endian CRC-64-AVRO
 * fingerprint of the writer's schema, binary body.
 *
 * <p>Not thread-safe: encoder, decoder and buffer are reused. One per thread.
 *
 * @param <T> the generated record class
 */
public final class SingleObjectCodec<T extends SpecificRecordBase> {

  private static final int HEADER_BYTES = 10;
  private static final byte MARKER_0 = (byte) 0xC3;
  private static final byte MARKER_1 = (byte) 0x01;

  private final Schema schema;
  private final long fingerprint;
  private final DatumWriter<T> writer;
  private final DatumReader<T> reader;
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(256);
  private @Nullable BinaryEncoder encoder;
  private @Nullable BinaryDecoder decoder;

  /**
   * A codec for a generated record class.
   *
   * @param recordClass the generated class
   */
  public SingleObjectCodec(Class<T> recordClass) {
    SpecificData data = SpecificData.getForClass(recordClass);
    this.schema = data.getSchema(recordClass);
    this.fingerprint = SchemaNormalization.parsingFingerprint64(schema);
    this.writer = new SpecificDatumWriter<>(schema, data);
    this.reader = new SpecificDatumReader<>(schema, schema, data);
  }

  /** The record as marker, fingerprint and body. */
  public byte[] encode(T record) {
    try {
      buffer.reset();
      buffer.write(MARKER_0);
      buffer.write(MARKER_1);
      for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
        buffer.write((int) (fingerprint >>> shift));
      }
      encoder = EncoderFactory.get().binaryEncoder(buffer, encoder);
      writer.write(record, encoder);
      encoder.flush();
      return buffer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a byte array does not fail
    }
  }

  /** Whether these bytes have the marker and the fingerprint of this schema; never throws. */
  public boolean begins(byte[] bytes) {
    return bytes.length >= HEADER_BYTES
        && bytes[0] == MARKER_0
        && bytes[1] == MARKER_1
        && fingerprintIn(bytes) == fingerprint;
  }

  private static long fingerprintIn(byte[] bytes) {
    long found = 0;
    for (int i = HEADER_BYTES - 1; i >= 2; i--) {
      found = (found << Byte.SIZE) | (bytes[i] & 0xFF);
    }
    return found;
  }

  /**
   * The record in these bytes.
   *
   * @param bytes a record's value; null has no record in it
   * @throws MalformedRecordException when marker, fingerprint or body do not fit, or bytes are left
   *     over; the message says which
   */
  public T decode(byte @Nullable [] bytes) throws MalformedRecordException {
    if (bytes == null) {
      throw new MalformedRecordException("has no value");
    }
    if (bytes.length < HEADER_BYTES) {
      throw new MalformedRecordException(
          bytes.length + " bytes, and the single-object header alone takes " + HEADER_BYTES);
    }
    if (bytes[0] != MARKER_0 || bytes[1] != MARKER_1) {
      throw new MalformedRecordException(
          String.format(
              "starts with %02X%02X, not with the single-object marker C301", bytes[0], bytes[1]));
    }
    long found = fingerprintIn(bytes);
    if (found != fingerprint) {
      throw new MalformedRecordException(
          String.format(
              "written with the unknown schema %016x; %s is %016x",
              found, schema.getName(), fingerprint));
    }
    try {
      decoder =
          DecoderFactory.get()
              .binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, decoder);
      T record = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new MalformedRecordException(
            "bytes are left over behind a whole " + schema.getName());
      }
      return record;
    } catch (IOException
        | RuntimeException e) { // foreign bytes make Avro throw any of a dozen kinds
      throw new MalformedRecordException(
          "the body is no "
              + schema.getName()
              + ": "
              + e.getClass().getSimpleName()
              + " "
              + e.getMessage(),
          e);
    }
  }
}
