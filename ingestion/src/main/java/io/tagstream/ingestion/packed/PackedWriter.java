package io.tagstream.ingestion.packed;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes packed state. Numbers are little-endian base 128 (seven bits a byte, the high bit set when
 * more follow), signed ones zigzag first; text is its UTF-8 length and bytes.
 */
public final class PackedWriter {

  private byte[] bytes = new byte[256];
  private int size;

  /** One byte: the low eight bits. */
  public PackedWriter writeByte(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, size * 2);
    }
    bytes[size++] = (byte) value;
    return this;
  }

  /** A number that is not negative, 1 to 9 bytes. */
  public PackedWriter writeUnsigned(long value) {
    if (value < 0) {
      throw new IllegalArgumentException(value + " - is negative, it needs writeSigned");
    }
    long rest = value;
    while (rest > 0x7F) {
      writeByte((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    return writeByte((int) rest);
  }

  /** Any number, 1 to 10 bytes. */
  public PackedWriter writeSigned(long value) {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      writeByte((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    return writeByte((int) rest);
  }

  /** Eight bytes, little-endian. */
  public PackedWriter writeFixed(long value) {
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      writeByte((int) (value >>> shift));
    }
    return this;
  }

  /** Text. */
  public PackedWriter writeText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    writeUnsigned(utf8.length);
    if (bytes.length - size < utf8.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + utf8.length));
    }
    System.arraycopy(utf8, 0, bytes, size, utf8.length);
    size += utf8.length;
    return this;
  }

  /** What was written, in an array of its own. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
