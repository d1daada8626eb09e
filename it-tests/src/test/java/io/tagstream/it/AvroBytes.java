package io.tagstream.it;

import static io.tagstream.schemas.DeadLetterReason.UNREADABLE;

import io.tagstream.it.Mutation.Spoilt;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.DeadLetterReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** What can be wrong with Avro's binary bodies, behind a header of some bytes. */
final class AvroBytes {

  private final Wire wire;
  private final int header;

  /** Of a format whose bodies have the canonical schemas. */
  AvroBytes(Wire wire, int header) {
    this.wire = wire;
    this.header = header;
  }

  List<Mutation> mutations() {
    return List.of(
        new Mutation("truncated", this::truncated),
        new Mutation("bytes left over", this::leftOver),
        new Mutation("oversized text", this::oversized),
        new Mutation("flipped", this::flipped),
        new Mutation("flipped", this::flipped)); // twice as often as others
  }

  /** A record's body by the schema. */
  static byte[] body(IndexedRecord record, Schema schema) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      new GenericDatumWriter<IndexedRecord>(schema).write(record, encoder);
      encoder.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }

  /** The record that Avro itself sees in a body; null when it sees none. */
  private static @Nullable GenericRecord read(Schema schema, byte[] bytes, int from) {
    try {
      BinaryDecoder decoder =
          DecoderFactory.get().binaryDecoder(bytes, from, bytes.length - from, null);
      GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
      return decoder.isEnd() ? record : null;
    } catch (IOException | RuntimeException e) { // Avro throws any of a dozen kinds
      return null;
    }
  }

  private static SpecificRecordBase typed(Schema schema, byte[] bytes, int from)
      throws IOException {
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, from, bytes.length - from, null);
    return new SpecificDatumReader<SpecificRecordBase>(schema).read(null, decoder);
  }

  private Spoilt truncated(WorldEvent good, Random random) {
    byte[] value = wire.encode(good.topic(), good.record(), random);
    return Spoilt.of(good, Arrays.copyOf(value, random.nextInt(value.length)), UNREADABLE);
  }

  private Spoilt leftOver(WorldEvent good, Random random) {
    byte[] value = wire.encode(good.topic(), good.record(), random);
    return Spoilt.of(good, Arrays.copyOf(value, value.length + 1 + random.nextInt(8)), UNREADABLE);
  }

  /** The first field says that it is longer than anything. */
  private Spoilt oversized(WorldEvent good, Random random) {
    byte[] value = canonical(good, random);
    value[header] = (byte) 0xFE; // even: the length is positive
    Arrays.fill(value, header + 1, header + 4, (byte) 0xFF);
    value[header + 4] = (byte) random.nextInt(16);
    return Spoilt.of(good, value, UNREADABLE);
  }

  /**
   * Bits and bytes of the body are changed, and Avro's own reader and the rules say what came of
   * it. What tells another time is left out: it would make others late.
   */
  private @Nullable Spoilt flipped(WorldEvent good, Random random) throws IOException {
    byte[] value = canonical(good, random);
    for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
      int at = header + random.nextInt(value.length - header);
      value[at] =
          random.nextBoolean()
              ? (byte) random.nextInt()
              : (byte) (value[at] ^ 1 << random.nextInt(8));
    }
    Schema schema = good.topic().schema();
    GenericRecord record = read(schema, value, header);
    if (record == null) {
      return Spoilt.of(good, value, UNREADABLE);
    }
    Set<DeadLetterReason> broken = BrokenRules.brokenBy(record, good.key());
    if (!broken.isEmpty()) {
      return new Spoilt(Mutation.bytes(good.key()), value, broken, null);
    }
    if ((long) record.get("eventTimeMillis") != good.eventTimeMillis()) {
      return null;
    }
    return new Spoilt(Mutation.bytes(good.key()), value, Set.of(), typed(schema, value, header));
  }

  /** With a body of the canonical schema, whatever else the format allows. */
  private byte[] canonical(WorldEvent good, Random random) {
    byte[] body = body(good.record(), good.topic().schema());
    byte[] value;
    do {
      value = wire.encode(good.topic(), good.record(), random);
    } while (!Arrays.equals(value, header, value.length, body, 0, body.length));
    return value;
  }
}
