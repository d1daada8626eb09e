package io.tagstream.features.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A read position in a byte array that is never written to; the counterpart of {@link ByteWriter}.
 */
public final class ByteReader {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[0];
  private int position;
  private int limit;

  /** Reads from here on: {@code length} bytes from {@code offset}. */
  public void wrap(byte[] array, int offset, int length) {
    bytes = array;
    position = offset;
    limit = offset + length;
  }

  /** Index of the next byte in the array. */
  public int position() {
    return position;
  }

  /** Bytes left. */
  public int remaining() {
    return limit - position;
  }

  /** One byte, 0 to 255. */
  public int u8() {
    require(1);
    return bytes[position++] & 0xFF;
  }

  /** Eight bytes. */
  public long i64() {
    require(Long.BYTES);
    long value = (long) LONG.get(bytes, position);
    position += Long.BYTES;
    return value;
  }

  /** Four bytes. */
  public int i32() {
    require(Integer.BYTES);
    int value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      value |= (bytes[position++] & 0xFF) << shift;
    }
    return value;
  }

  /** Four bytes as a float. */
  public float f32() {
    return Float.intBitsToFloat(i32());
  }

  /** A varint. */
  public long varint() {
    if (position < limit && bytes[position] >= 0) {
      return bytes[position++]; // most of them are short
    }
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new RecordFormatException("a varint is longer than ten bytes, before byte " + position);
  }

  /**
   * A varint that counts or indexes something.
   *
   * @param max largest value that is possible here
   */
  public int size(int max) {
    long value = varint();
    if (value < 0 || value > max) {
      throw new RecordFormatException(
          "a size of "
              + value
              + " before byte "
              + position
              + ", where at most "
              + max
              + " is possible");
    }
    return (int) value;
  }

  /** The counterpart of {@link ByteWriter#zigzag}. */
  public long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** Length and UTF-8 bytes. */
  public String text() {
    int length = size(remaining());
    String text = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return text;
  }

  /** Passes over bytes. */
  public void skip(int count) {
    require(count);
    position += count;
  }

  /**
   * Fails when bytes are left over.
   *
   * @param what what the bytes were, for the message
   */
  public void end(String what) {
    if (position != limit) {
      throw new RecordFormatException(remaining() + " bytes are left over behind a whole " + what);
    }
  }

  private void require(int count) {
    if (count < 0 || count > limit - position) {
      throw new RecordFormatException(
          "the bytes end at " + limit + ", and " + count + " more were expected at " + position);
    }
  }
}
