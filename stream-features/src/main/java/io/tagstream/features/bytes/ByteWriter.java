package io.tagstream.features.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte array with a write position, reused from record to record. Fixed-width values are
 * little-endian; varints are LEB128.
 */
public final class ByteWriter {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int MAX_VARINT_BYTES = 10;

  private byte[] bytes;
  private int position;

  /**
   * A writer with room for this many bytes before it grows.
   *
   * @param capacity bytes
   */
  public ByteWriter(int capacity) {
    this.bytes = new byte[capacity];
  }

  /** Forgets what was written; keeps the array. */
  public void reset() {
    position = 0;
  }

  /** Number of bytes written so far. */
  public int position() {
    return position;
  }

  /** The array behind; a later write may move to another one, and leaves this one as it is. */
  public byte[] array() {
    return bytes;
  }

  /** What was written, as an array of its own. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, position);
  }

  /** One byte: the low eight bits. */
  public void u8(int value) {
    reserve(1);
    bytes[position++] = (byte) value;
  }

  /** Eight bytes. */
  public void i64(long value) {
    reserve(Long.BYTES);
    LONG.set(bytes, position, value);
    position += Long.BYTES;
  }

  /** Four bytes: the bits of an int. */
  public void i32(int value) {
    reserve(Integer.BYTES);
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      bytes[position++] = (byte) (value >>> shift);
    }
  }

  /** Four bytes: the bits of a float. */
  public void f32(float value) {
    i32(Float.floatToRawIntBits(value));
  }

  /** One to ten bytes; small values, read as unsigned, take few. */
  public void varint(long value) {
    reserve(MAX_VARINT_BYTES);
    if ((value & ~0x7FL) == 0) {
      bytes[position++] = (byte) value;
      return;
    }
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[position++] = (byte) rest;
  }

  /** A varint in which small negative values are short as well. */
  public void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  /** Length and UTF-8 bytes. */
  public void text(String text) {
    int length = text.length();
    reserve(length + MAX_VARINT_BYTES);
    int before = position;
    varint(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) { // not ASCII after all: the byte length differs, so start over
        position = before;
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        varint(encoded.length);
        raw(encoded, 0, encoded.length);
        return;
      }
      bytes[position++] = (byte) c;
    }
  }

  /** These bytes as they are. */
  public void raw(byte[] from, int offset, int length) {
    reserve(length);
    System.arraycopy(from, offset, bytes, position, length);
    position += length;
  }

  /** Length and bytes of what another writer holds. */
  public void block(ByteWriter other) {
    varint(other.position);
    raw(other.bytes, 0, other.position);
  }

  private void reserve(int count) {
    if (position + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, position + count));
    }
  }
}
