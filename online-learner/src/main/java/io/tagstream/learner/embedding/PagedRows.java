package io.tagstream.learner.embedding;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Rows by 64-bit id, in copy-on-write pages, dropped after a silence.
 *
 * <p>A new row takes the lowest unused slot, so that the slots after a restore are those of an
 * undisturbed run. A silent row is gone for {@link #find} at once; {@link #sweep} only gives its
 * slot back.
 */
final class PagedRows {

  private final int kind;
  private final int stride;
  private final int expiryMinutes;
  private final int rowsPerPage;
  private final int shift;
  private final Long2IntOpenHashMap index = new Long2IntOpenHashMap();
  private final List<RowPage> pages = new ArrayList<>();
  private final BitSet used = new BitSet();
  private int lowestFree;
  private long expirations;

  PagedRows(int kind, int stride, int expiryMinutes) {
    this.kind = kind;
    this.stride = stride;
    this.expiryMinutes = expiryMinutes;
    this.rowsPerPage = RowPage.rowsPerPage(stride);
    this.shift = Integer.numberOfTrailingZeros(rowsPerPage);
    index.defaultReturnValue(-1);
  }

  /** Rows held, those silent but not swept included. */
  int size() {
    return index.size();
  }

  /** Rows dropped because they were silent, since this object was made. */
  long expirations() {
    return expirations;
  }

  /** Slots of all pages. */
  int slots() {
    return pages.size() << shift;
  }

  /** The slot of an id, or -1; changes nothing. */
  int find(long id, int nowMinutes) {
    return unexpired(slot(id), nowMinutes);
  }

  /** The slot of an id, silent or not, or -1. */
  int slot(long id) {
    return index.get(id);
  }

  /** The slot, or -1 where it is silent or -1 already. */
  int unexpired(int slot, int nowMinutes) {
    return slot >= 0 && expired(slot, nowMinutes) ? -1 : slot;
  }

  /** Gives the id, which {@link #find} did not find, a slot of zeros. */
  int insert(long id, int nowMinutes) {
    int silent = index.get(id);
    if (silent >= 0) {
      expire(silent);
    }
    int slot = used.nextClearBit(lowestFree);
    lowestFree = slot + 1;
    used.set(slot);
    if (slot >= slots()) {
      pages.add(new RowPage(kind, pages.size(), stride, rowsPerPage));
    }
    index.put(id, slot);
    RowPage page = writable(slot);
    page.ids[slot & (rowsPerPage - 1)] = id;
    page.lastSeen[slot & (rowsPerPage - 1)] = nowMinutes;
    return slot;
  }

  void touch(int slot, int nowMinutes) {
    int row = slot & (rowsPerPage - 1);
    if (pages.get(slot >> shift).lastSeen[row] < nowMinutes) {
      writable(slot).lastSeen[row] = nowMinutes;
    }
  }

  void remove(int slot) {
    RowPage page = writable(slot);
    int row = slot & (rowsPerPage - 1);
    index.remove(page.ids[row]);
    page.release(row);
    used.clear(slot);
    lowestFree = Math.min(lowestFree, slot);
  }

  private void expire(int slot) {
    remove(slot);
    expirations++;
  }

  /** The page of a slot, to read. */
  RowPage readable(int slot) {
    return pages.get(slot >> shift);
  }

  /** The page of a slot, to write: a copy when the page is frozen. */
  RowPage writable(int slot) {
    RowPage page = pages.get(slot >> shift);
    if (page.frozen()) {
      page = page.thawedCopy();
      pages.set(slot >> shift, page);
    }
    return page;
  }

  /** Offset of a slot's values in its page. */
  int offset(int slot) {
    return (slot & (rowsPerPage - 1)) * stride;
  }

  /**
   * Drops silent rows among the next {@code count} slots.
   *
   * @return where the next sweep goes on
   */
  int sweep(int from, int count, int nowMinutes) {
    int slots = slots();
    if (slots == 0) {
      return 0;
    }
    int slot = from >= slots ? 0 : from;
    for (int n = 0; n < Math.min(count, slots); n++) {
      if (used.get(slot) && expired(slot, nowMinutes)) {
        expire(slot);
      }
      slot = slot + 1 == slots ? 0 : slot + 1;
    }
    return slot;
  }

  /** Freezes every page and hands them out; what is written next is written to copies. */
  void freezeInto(List<RowPage> out) {
    for (RowPage page : pages) {
      page.freeze();
      out.add(page);
    }
  }

  /**
   * Replaces everything by the pages of this kind.
   *
   * @throws IllegalArgumentException when a page is missing, doubled or of another stride
   */
  void restore(List<RowPage> from) {
    index.clear();
    pages.clear();
    used.clear();
    lowestFree = 0;
    from.stream()
        .filter(page -> page.kind == kind)
        .sorted(Comparator.comparingInt(page -> page.number))
        .forEach(this::append);
  }

  private void append(RowPage page) {
    if (page.number != pages.size() || page.stride != stride) {
      throw new IllegalArgumentException(
          "embedding pages: page %d of stride %d - expected page %d of stride %d; is the checkpoint complete and embedding.dimension unchanged?"
              .formatted(page.number, page.stride, pages.size(), stride));
    }
    pages.add(page);
    for (int row = 0; row < rowsPerPage; row++) {
      if (page.used(row)) {
        int slot = (page.number << shift) + row;
        used.set(slot);
        if (index.put(page.ids[row], slot) >= 0) {
          throw new IllegalArgumentException(
              "embedding pages: id " + page.ids[row] + " - stands in two rows");
        }
      }
    }
  }

  private boolean expired(int slot, int nowMinutes) {
    return nowMinutes - pages.get(slot >> shift).lastSeen[slot & (rowsPerPage - 1)] > expiryMinutes;
  }
}
