package io.tagstream.features.record;

import io.tagstream.features.bytes.ByteReader;
import io.tagstream.features.bytes.ByteWriter;
import java.util.Arrays;

/**
 * The feature ids a user's record speaks of, each once: everything else in the record names them by
 * their index (a symbol), which takes one byte or two in place of eight.
 */
final class IdTable {

  private long[] ids = new long[128];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  long id(int symbol) {
    return ids[symbol];
  }

  /** The symbol of an id, a new one if need be. Linear: a record holds some dozen ids. */
  int symbol(long id) {
    for (int i = 0; i < size; i++) {
      if (ids[i] == id) {
        return i;
      }
    }
    return add(id);
  }

  /** The symbol of an id that is known to be new. */
  int add(long id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size] = id;
    return size++;
  }

  /** Keeps the used ids alone; gives the new symbol of each old one. */
  int[] compact(boolean[] used) {
    int[] renamed = new int[size];
    int kept = 0;
    for (int i = 0; i < size; i++) {
      renamed[i] = kept;
      if (used[i]) {
        ids[kept++] = ids[i];
      }
    }
    size = kept;
    return renamed;
  }

  void write(ByteWriter out) {
    out.varint(size);
    for (int i = 0; i < size; i++) {
      out.i64(ids[i]);
    }
  }

  void read(ByteReader in) {
    size = in.size(in.remaining() / Long.BYTES);
    if (size > ids.length) {
      ids = new long[size * 2];
    }
    for (int i = 0; i < size; i++) {
      ids[i] = in.i64();
    }
  }
}
