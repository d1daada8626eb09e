package io.tagstream.features.record;

import io.tagstream.features.bytes.ByteReader;
import io.tagstream.features.bytes.ByteWriter;
import io.tagstream.features.bytes.RecordFormatException;
import java.util.Arrays;

/**
 * Versions of a user's attributes: the committed one and those whose time has not come. A version
 * is one symbol + 1 per configured attribute, 0 where it is missing.
 */
final class Attributes {

  private static final long NONE = Long.MIN_VALUE;

  private final int width;
  private final IdTable table;

  /** Version 0 is the committed one; times[0] is NONE as long as there is none. */
  private long[] times = new long[4];

  private boolean[] early = new boolean[4];
  private int[] values;
  private int versions = 1;

  Attributes(int width, IdTable table) {
    this.width = width;
    this.table = table;
    this.values = new int[4 * width];
    clear();
  }

  void clear() {
    versions = 1;
    times[0] = NONE;
    Arrays.fill(values, 0, width, 0);
  }

  boolean isEmpty() {
    return versions == 1 && times[0] == NONE;
  }

  boolean hasPending() {
    return versions > 1;
  }

  void addPending(long timeMillis, boolean beforeEvents, int[] version) {
    int at = append(timeMillis, beforeEvents);
    System.arraycopy(version, 0, values, at * width, width);
  }

  /** Time of the earliest pending version; the largest long when there is none. */
  long nextDue() {
    long due = Long.MAX_VALUE;
    for (int v = 1; v < versions; v++) {
      due = Math.min(due, times[v]);
    }
    return due;
  }

  /** Commits the pending versions of this time. */
  void commit(long timeMillis) {
    for (int v = versions - 1; v >= 1; v--) {
      if (times[v] == timeMillis) {
        if (newer(v, 0)) {
          copy(v, 0);
        }
        copy(versions - 1, v);
        versions--;
      }
    }
  }

  /** The version that holds as of the committed facts. */
  void asOf(int[] out) {
    int version = 0;
    if (times[0] == NONE) {
      // The table of users was read before events flowed: its earliest version stands in.
      for (int v = 1; v < versions; v++) {
        if (early[v] && (version == 0 || newer(version, v))) {
          version = v;
        }
      }
    }
    System.arraycopy(values, version * width, out, 0, width);
  }

  /** The newest version, pending ones included. */
  void newest(int[] out) {
    int version = 0;
    for (int v = 1; v < versions; v++) {
      if (newer(v, version)) {
        version = v;
      }
    }
    System.arraycopy(values, version * width, out, 0, width);
  }

  void forgetUpTo(long timeMillis) {
    for (int v = versions - 1; v >= 1; v--) {
      if (times[v] <= timeMillis) {
        copy(versions - 1, v);
        versions--;
      }
    }
    if (times[0] <= timeMillis) {
      times[0] = NONE;
      Arrays.fill(values, 0, width, 0);
    }
  }

  void markSymbols(boolean[] used) {
    for (int i = 0; i < versions * width; i++) {
      if (values[i] > 0) {
        used[values[i] - 1] = true;
      }
    }
  }

  void renameSymbols(int[] renamed) {
    for (int i = 0; i < versions * width; i++) {
      if (values[i] > 0) {
        values[i] = renamed[values[i] - 1] + 1;
      }
    }
  }

  /**
   * Layout: versions, each as time, whether it came before events, one symbol + 1 per attribute.
   */
  void write(ByteWriter out) {
    out.varint(versions);
    for (int v = 0; v < versions; v++) {
      out.i64(times[v]);
      out.u8(early[v] ? 1 : 0);
      for (int i = v * width; i < (v + 1) * width; i++) {
        out.varint(values[i]);
      }
    }
  }

  void read(ByteReader in) {
    int count = in.size(in.remaining());
    if (count == 0) {
      throw new RecordFormatException(
          "attributes without the committed version, which may be empty");
    }
    versions = 0;
    for (int v = 0; v < count; v++) {
      long time = in.i64();
      int at = append(time, in.u8() != 0);
      for (int i = at * width; i < (at + 1) * width; i++) {
        values[i] = in.size(table.size());
      }
    }
  }

  private int append(long timeMillis, boolean beforeEvents) {
    if (versions == times.length) {
      times = Arrays.copyOf(times, 2 * versions);
      early = Arrays.copyOf(early, 2 * versions);
      values = Arrays.copyOf(values, 2 * versions * width);
    }
    times[versions] = timeMillis;
    early[versions] = beforeEvents;
    return versions++;
  }

  /** Newer by time; of one time, the larger ids win, so that the order of arrival does not show. */
  private boolean newer(int v, int other) {
    if (times[v] != times[other]) {
      return times[v] > times[other];
    }
    for (int i = 0; i < width; i++) {
      int byId = Long.compare(id(v, i), id(other, i));
      if (byId != 0) {
        return byId > 0;
      }
    }
    return false;
  }

  private long id(int v, int i) {
    int value = values[v * width + i];
    return value == 0 ? 0 : table.id(value - 1);
  }

  private void copy(int from, int to) {
    times[to] = times[from];
    early[to] = early[from];
    System.arraycopy(values, from * width, values, to * width, width);
  }
}
