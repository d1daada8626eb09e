package io.tagstream.features.history;

import io.tagstream.features.bytes.ByteReader;
import io.tagstream.features.bytes.ByteWriter;
import io.tagstream.features.credit.TagSets;
import java.util.Arrays;

/**
 * The newest items a user clicked, or was shown, in (event time, id) order, each with its tags and
 * one value per configured field.
 *
 * <p>Tags and values are symbols: indexes into the record's table of feature ids. Whatever the
 * order of insertion, the same items are kept: the newest {@code capacity} of them.
 */
public final class TagHistory implements TagSets {

  private final int capacity;
  private final int maxTags;
  private final int fields;

  private final long[] times;
  private final int[] ids;
  private final int[] tagCounts;
  private final int[] tags;
  private final int[] values;
  private int size;

  /** Items per symbol, and whether a field's value was seen; all 0 between calls. */
  private int[] tally = new int[64];

  private int[] distinct = new int[64];
  private int[] distinctItems = new int[64];
  private int distinctCount;

  /**
   * An empty history.
   *
   * @param capacity items kept at most; with 0 none is
   * @param maxTags tags kept of one item at most
   * @param fields values kept of one item
   */
  public TagHistory(int capacity, int maxTags, int fields) {
    this.capacity = capacity;
    this.maxTags = maxTags;
    this.fields = fields;
    this.times = new long[capacity];
    this.ids = new int[capacity];
    this.tagCounts = new int[capacity];
    this.tags = new int[capacity * maxTags];
    this.values = new int[capacity * fields];
  }

  /** Forgets everything. */
  public void clear() {
    size = 0;
  }

  /** Becomes equal to another of the same bounds. */
  public void copyFrom(TagHistory other) {
    size = other.size;
    System.arraycopy(other.times, 0, times, 0, size);
    System.arraycopy(other.ids, 0, ids, 0, size);
    System.arraycopy(other.tagCounts, 0, tagCounts, 0, size);
    System.arraycopy(other.tags, 0, tags, 0, size * maxTags);
    System.arraycopy(other.values, 0, values, 0, size * fields);
  }

  /**
   * Inserts an item at its place; when full, the oldest one goes.
   *
   * @param timeMillis event time of the click, or of the impression
   * @param id orders items of one millisecond
   * @param itemTags the item's tags, symbols, each once; those beyond the bound are left out
   * @param tagCount how many of them
   * @param itemValues per field symbol + 1, or 0 where the item has none
   */
  public void insert(long timeMillis, int id, int[] itemTags, int tagCount, int[] itemValues) {
    int place = size;
    while (place > 0 && precedes(timeMillis, id, place - 1)) {
      place--;
    }
    if (size == capacity) {
      if (place == 0) {
        return; // older than all that are kept
      }
      removeOldest(1);
      place--;
    }
    move(place, place + 1, size - place);
    size++;
    times[place] = timeMillis;
    ids[place] = id;
    int kept = Math.min(tagCount, maxTags);
    tagCounts[place] = kept;
    System.arraycopy(itemTags, 0, tags, place * maxTags, kept);
    System.arraycopy(itemValues, 0, values, place * fields, fields);
  }

  /** Forgets items before this time. */
  public void evictBefore(long timeMillis) {
    int gone = 0;
    while (gone < size && times[gone] < timeMillis) {
      gone++;
    }
    if (gone > 0) {
      removeOldest(gone);
    }
  }

  /** Counts the items of each tag, for {@link #lastTags} and {@link #topTags}. */
  public void tallyTags() {
    distinctCount = 0;
    for (int j = size - 1; j >= 0; j--) {
      int begin = j * maxTags;
      for (int i = begin; i < begin + tagCounts[j]; i++) {
        see(tags[i]);
      }
    }
    for (int d = 0; d < distinctCount; d++) {
      distinctItems[d] = tally[distinct[d]];
      tally[distinct[d]] = 0;
    }
  }

  /**
   * The last tags, newest item first, each once, in the item's order within an item. Needs {@link
   * #tallyTags}.
   *
   * @param n how many at most
   * @param out takes the symbols from {@code offset} on
   * @return how many there are
   */
  public int lastTags(int n, int[] out, int offset) {
    int count = Math.min(n, distinctCount);
    System.arraycopy(distinct, 0, out, offset, count);
    return count;
  }

  /**
   * The most frequent tags, each as often as {@link #times} says; among equals the last one is
   * first. Needs {@link #tallyTags}, and uses it up.
   *
   * @param m how many different ones at most
   * @param out takes the symbols from {@code offset} on
   * @return how many symbols there are, repetitions included
   */
  public int topTags(int m, int[] out, int offset) {
    int end = offset;
    for (int i = Math.min(m, distinctCount); i > 0; i--) {
      int best = 0;
      for (int d = 1; d < distinctCount; d++) {
        if (distinctItems[d] > distinctItems[best]) {
          best = d;
        }
      }
      int begin = end;
      end += times(distinctItems[best]);
      Arrays.fill(out, begin, end, distinct[best]);
      distinctItems[best] = 0;
    }
    return end - offset;
  }

  /**
   * How often a tag stands in a field for {@code n} items that have it: {@code 1 + ⌊log₂ n⌋}, the
   * sublinear term frequency of text retrieval (Manning et al. 2008, section 6.4.1) in whole
   * numbers. A field's mean then leans towards what is frequent, and the number can be read off.
   *
   * @param items {@code n}, at least 1
   */
  public static int times(int items) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(items);
  }

  /**
   * The last values of a field, newest item first, each once.
   *
   * @param field which field
   * @param n how many at most
   * @param out takes the symbols from {@code offset} on
   * @return how many there are
   */
  public int lastValues(int field, int n, int[] out, int offset) {
    distinctCount = 0;
    for (int j = size - 1; j >= 0 && distinctCount < n; j--) {
      int value = values[j * fields + field];
      if (value > 0) {
        see(value - 1);
      }
    }
    for (int d = 0; d < distinctCount; d++) {
      out[offset + d] = distinct[d];
      tally[distinct[d]] = 0;
    }
    return distinctCount;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int clicks(int j) {
    return 1;
  }

  @Override
  public int tagCount(int j) {
    return tagCounts[j];
  }

  @Override
  public int tag(int j, int i) {
    return tags[j * maxTags + i];
  }

  /** Marks every symbol in use. */
  public void markSymbols(boolean[] used) {
    for (int j = 0; j < size; j++) {
      for (int i = 0; i < tagCounts[j]; i++) {
        used[tag(j, i)] = true;
      }
      for (int f = j * fields; f < (j + 1) * fields; f++) {
        if (values[f] > 0) {
          used[values[f] - 1] = true;
        }
      }
    }
  }

  /** Replaces every symbol by its new one. */
  public void renameSymbols(int[] renamed) {
    for (int j = 0; j < size; j++) {
      for (int i = j * maxTags; i < j * maxTags + tagCounts[j]; i++) {
        tags[i] = renamed[tags[i]];
      }
      for (int f = j * fields; f < (j + 1) * fields; f++) {
        if (values[f] > 0) {
          values[f] = renamed[values[f] - 1] + 1;
        }
      }
    }
  }

  /** Layout: items; then each as time since the one before (varint), id, tags, values. */
  public void write(ByteWriter out) {
    out.varint(size);
    long before = 0;
    for (int j = 0; j < size; j++) {
      out.zigzag(times[j] - before);
      before = times[j];
      out.i32(ids[j]);
      out.varint(tagCounts[j]);
      for (int i = 0; i < tagCounts[j]; i++) {
        out.varint(tag(j, i));
      }
      for (int f = j * fields; f < (j + 1) * fields; f++) {
        out.varint(values[f]);
      }
    }
  }

  /**
   * Becomes what was written.
   *
   * @param symbols number of symbols there are
   */
  public void read(ByteReader in, int symbols) {
    size = in.size(capacity);
    long before = 0;
    for (int j = 0; j < size; j++) {
      before += in.zigzag();
      times[j] = before;
      ids[j] = in.i32();
      tagCounts[j] = in.size(maxTags);
      for (int i = 0; i < tagCounts[j]; i++) {
        tags[j * maxTags + i] = in.size(symbols - 1);
      }
      for (int f = j * fields; f < (j + 1) * fields; f++) {
        values[f] = in.size(symbols);
      }
    }
  }

  private void see(int symbol) {
    if (symbol >= tally.length) {
      tally = Arrays.copyOf(tally, 2 * symbol);
    }
    if (tally[symbol]++ == 0) {
      if (distinctCount == distinct.length) {
        distinct = Arrays.copyOf(distinct, 2 * distinctCount);
        distinctItems = Arrays.copyOf(distinctItems, 2 * distinctCount);
      }
      distinct[distinctCount++] = symbol;
    }
  }

  private boolean precedes(long timeMillis, int id, int j) {
    return timeMillis < times[j] || (timeMillis == times[j] && id < ids[j]);
  }

  private void removeOldest(int count) {
    move(count, 0, size - count);
    size -= count;
  }

  private void move(int from, int to, int count) {
    System.arraycopy(times, from, times, to, count);
    System.arraycopy(ids, from, ids, to, count);
    System.arraycopy(tagCounts, from, tagCounts, to, count);
    System.arraycopy(tags, from * maxTags, tags, to * maxTags, count * maxTags);
    System.arraycopy(values, from * fields, values, to * fields, count * fields);
  }
}
