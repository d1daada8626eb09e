package io.tagstream.learner.embedding;

import java.util.Arrays;

/**
 * The distinct ids of a batch in order of first appearance, and which of them each occurrence is.
 * Reused from batch to batch; its cost depends on the batch alone.
 */
public final class DistinctIds {

  private long[] ids = new long[1024];
  private int[] occurrences = new int[1024];
  private int size;
  private int[] table = new int[4096];

  /** Forgets everything. */
  public void clear() {
    // Only filled cells are wiped when few are: a large batch must not tax small ones for ever.
    if (size * 4 < table.length) {
      for (int u = 0; u < size; u++) {
        int cell = cellOf(ids[u]);
        while (table[cell] != 0) {
          table[cell] = 0;
          cell = (cell + 1) & (table.length - 1);
        }
      }
    } else {
      Arrays.fill(table, 0);
    }
    size = 0;
  }

  /** Number of distinct ids. */
  public int size() {
    return size;
  }

  /** The distinct id of an index. */
  public long id(int index) {
    return ids[index];
  }

  /** How often the distinct id of an index was added. */
  public int occurrences(int index) {
    return occurrences[index];
  }

  /** Adds an occurrence; returns the index of its distinct id. */
  public int add(long id) {
    int cell = cellOf(id);
    int entry;
    while ((entry = table[cell]) != 0) {
      if (ids[entry - 1] == id) {
        occurrences[entry - 1]++;
        return entry - 1;
      }
      cell = (cell + 1) & (table.length - 1);
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
      occurrences = Arrays.copyOf(occurrences, size * 2);
    }
    ids[size] = id;
    occurrences[size] = 1;
    table[cell] = ++size;
    if (size * 2 > table.length) {
      grow();
    }
    return size - 1;
  }

  private void grow() {
    table = new int[table.length * 4];
    for (int u = 0; u < size; u++) {
      int cell = cellOf(ids[u]);
      while (table[cell] != 0) {
        cell = (cell + 1) & (table.length - 1);
      }
      table[cell] = u + 1;
    }
  }

  private int cellOf(long id) {
    long mixed = id * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 40) & (table.length - 1);
  }
}
