package io.tagstream.ingestion.packed;

import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link PackedWriter} wrote. Every method throws {@link IllegalStateException} when the
 * bytes do not hold what is asked for; state that cannot be read must stop the job.
 */
public final class PackedReader {

  private final String what;
  private final byte[] bytes;
  private int at;

  /**
   * A reader over all of the bytes.
   *
   * @param what names the record in messages
   */
  public PackedReader(String what, byte[] bytes) {
    this.what = what;
    this.bytes = bytes;
  }

  /** Reads the layout's version, which has to be this one. */
  public void expectVersion(int version) {
    int found = readByte();
    if (found != version) {
      throw new IllegalStateException(
          what
              + ": layout version "
              + found
              + " - this build reads version "
              + version
              + "; restore with the build that wrote it");
    }
  }

  /** One byte, 0 to 255. */
  public int readByte() {
    if (at >= bytes.length) {
      throw broken("ends too early");
    }
    return bytes[at++] & 0xFF;
  }

  /** A number that is not negative. */
  public long readUnsigned() {
    long value = readVarint();
    if (value < 0) {
      throw broken("holds a number beyond 63 bits");
    }
    return value;
  }

  /** Any number. */
  public long readSigned() {
    long value = readVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A count of elements, each of at least one byte. */
  public int readCount() {
    long count = readUnsigned();
    if (count > bytes.length - at) {
      throw broken("counts " + count + " elements in the " + (bytes.length - at) + " bytes left");
    }
    return (int) count;
  }

  /** Eight bytes, little-endian. */
  public long readFixed() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      value |= (long) readByte() << shift;
    }
    return value;
  }

  /** Text. */
  public String readText() {
    int length = readCount();
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  /** Says that all bytes must have been read. */
  public void expectEnd() {
    if (at != bytes.length) {
      throw broken("has " + (bytes.length - at) + " trailing bytes");
    }
  }

  /** A number of up to ten bytes; the tenth may only hold the last bit. */
  private long readVarint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = readByte();
      if (shift == 63 && next > 1) {
        throw broken("holds a number beyond 64 bits");
      }
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw broken("holds a number of more than ten bytes");
  }

  /** The exception for bytes that are no such record. */
  public IllegalStateException broken(String rule) {
    return new IllegalStateException(
        what + ": " + bytes.length + " bytes, at " + at + " - " + rule + "; the state is damaged");
  }
}
