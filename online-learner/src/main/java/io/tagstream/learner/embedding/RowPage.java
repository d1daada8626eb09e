package io.tagstream.learner.embedding;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A page of rows: ids, times last seen and values side by side. A page is written by its one {@link
 * PagedRows} until it is frozen; from then on it never changes, and may be shared by checkpoints.
 */
public final class RowPage {

  /** Bytes of a full page's arrays, about. */
  public static final int BYTES = 4 << 20;

  /** Version of {@link #writeTo}. */
  public static final int VERSION = 1;

  /** Codes of what a page holds; never reused. */
  static final int ROWS = 0;

  static final int CANDIDATES = 1;
  static final int COPIED_ROWS = 2;

  private static final int UNUSED = Integer.MIN_VALUE;

  /** {@link #ROWS}, {@link #CANDIDATES} or {@link #COPIED_ROWS}. */
  final int kind;

  final int number;
  final int stride;
  final long[] ids;

  /** Event time in minutes since the epoch; {@link #UNUSED} where the slot holds no row. */
  final int[] lastSeen;

  final float[] values;
  private boolean frozen;

  RowPage(int kind, int number, int stride, int rows) {
    this(kind, number, stride, new long[rows], new int[rows], new float[rows * stride]);
    Arrays.fill(lastSeen, UNUSED);
  }

  private RowPage(int kind, int number, int stride, long[] ids, int[] lastSeen, float[] values) {
    this.kind = kind;
    this.number = number;
    this.stride = stride;
    this.ids = ids;
    this.lastSeen = lastSeen;
    this.values = values;
  }

  static int rowsPerPage(int stride) {
    return Integer.highestOneBit(BYTES / (Long.BYTES + Integer.BYTES + stride * Float.BYTES));
  }

  boolean used(int index) {
    return lastSeen[index] != UNUSED;
  }

  void release(int index) {
    lastSeen[index] = UNUSED;
    ids[index] = 0;
    Arrays.fill(values, index * stride, (index + 1) * stride, 0f);
  }

  void freeze() {
    frozen = true;
  }

  boolean frozen() {
    return frozen;
  }

  /** The rows as they are now under another code; to be called on frozen pages. */
  RowPage as(int newKind) {
    RowPage shared = new RowPage(newKind, number, stride, ids, lastSeen, values);
    shared.freeze();
    return shared;
  }

  RowPage thawedCopy() {
    return new RowPage(kind, number, stride, ids.clone(), lastSeen.clone(), values.clone());
  }

  /**
   * Writes the page, version 1, big-endian: {@code int version, int kind, int number, int stride,
   * int slots, int used}, then per used slot {@code int slot, long id, int lastSeenMinutes,
   * float[stride] values}.
   */
  public void writeTo(DataOutput out) throws IOException {
    int used = 0;
    for (int i = 0; i < ids.length; i++) {
      used += used(i) ? 1 : 0;
    }
    out.writeInt(VERSION);
    out.writeInt(kind);
    out.writeInt(number);
    out.writeInt(stride);
    out.writeInt(ids.length);
    out.writeInt(used);
    byte[] row = new byte[Integer.BYTES + Long.BYTES + Integer.BYTES + stride * Float.BYTES];
    java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(row);
    for (int i = 0; i < ids.length; i++) {
      if (used(i)) {
        buffer.clear();
        buffer.putInt(i).putLong(ids[i]).putInt(lastSeen[i]);
        for (int c = 0; c < stride; c++) {
          buffer.putFloat(values[i * stride + c]);
        }
        out.write(row);
      }
    }
  }

  /**
   * Reads what {@link #writeTo} wrote; the page is frozen.
   *
   * @throws IOException when version or kind is unknown or the figures cannot be a page's
   */
  public static RowPage readFrom(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException("embedding page: version " + version + " - known is " + VERSION);
    }
    int kind = in.readInt();
    if (kind < ROWS || kind > COPIED_ROWS) {
      throw new IOException("embedding page: kind " + kind + " - known are 0, 1 and 2");
    }
    int number = in.readInt();
    int stride = in.readInt();
    int slots = in.readInt();
    int used = in.readInt();
    if (stride <= 0 || stride > 1 << 16 || slots != rowsPerPage(stride)) {
      throw new IOException("embedding page: stride " + stride + ", slots " + slots);
    }
    if (number < 0 || used < 0 || used > slots) {
      throw new IOException("embedding page: number " + number + ", used " + used);
    }
    RowPage page = new RowPage(kind, number, stride, slots);
    byte[] row = new byte[Integer.BYTES + Long.BYTES + Integer.BYTES + stride * Float.BYTES];
    java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(row);
    for (int n = 0; n < used; n++) {
      in.readFully(row);
      buffer.clear();
      int slot = buffer.getInt();
      if (slot < 0 || slot >= slots || page.used(slot)) {
        throw new IOException("embedding page: slot " + slot + " of " + slots + " - twice or not");
      }
      page.ids[slot] = buffer.getLong();
      page.lastSeen[slot] = buffer.getInt();
      for (int c = 0; c < stride; c++) {
        page.values[slot * stride + c] = buffer.getFloat();
      }
    }
    page.freeze();
    return page;
  }
}
