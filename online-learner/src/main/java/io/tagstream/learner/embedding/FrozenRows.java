package io.tagstream.learner.embedding;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The rows of a table as they were once. Pages are shared with the live table until that writes
 * them, which copies.
 *
 * <p>There is no index: a row keeps its slot for life, so an id is found where the live table has
 * it. An id that the live table lost since, or gave another slot, is unknown here, as is one that
 * came later.
 */
public final class FrozenRows {

  private final int dimension;
  private final int shift;
  private final List<RowPage> pages;

  /** Pages without gaps, in order. */
  FrozenRows(int dimension, List<RowPage> pages) {
    this.dimension = dimension;
    this.shift = Integer.numberOfTrailingZeros(RowPage.rowsPerPage(dimension + 1));
    this.pages = List.copyOf(pages);
  }

  /** No rows: every id is unknown. */
  public static FrozenRows none(int dimension) {
    return new FrozenRows(dimension, List.of());
  }

  /**
   * The copied rows among the pages of a state.
   *
   * @param dimension weights of a row
   * @throws IllegalArgumentException when a page is missing, doubled or of another dimension
   */
  public static FrozenRows among(List<RowPage> all, int dimension) {
    List<RowPage> copied =
        all.stream()
            .filter(page -> page.kind == RowPage.COPIED_ROWS)
            .sorted(Comparator.comparingInt(page -> page.number))
            .toList();
    for (int number = 0; number < copied.size(); number++) {
      RowPage page = copied.get(number);
      if (page.number != number || page.stride != dimension + 1) {
        throw new IllegalArgumentException(
            ("copied embedding pages: page %d of stride %d - expected page %d of stride %d; is the"
                    + " checkpoint complete?")
                .formatted(page.number, page.stride, number, dimension + 1));
      }
    }
    return new FrozenRows(dimension, copied);
  }

  /** Its pages, frozen. */
  public List<RowPage> pages() {
    return pages;
  }

  /**
   * Copies weights.
   *
   * @param ids features
   * @param slots their slots in the live table, or -1
   * @param found receives the slot of each that is known here, or -1
   * @param target receives {@code [ids, d]}; zeros for those that are not
   */
  void gather(DistinctIds ids, int[] slots, int[] found, float[] target) {
    for (int u = 0; u < ids.size(); u++) {
      found[u] = holds(slots[u], ids.id(u)) ? slots[u] : -1;
      read(ids.id(u), slots[u], target, u * dimension);
    }
  }

  /**
   * Copies the weights of one id, or zeros where it is unknown.
   *
   * @param slot its slot in the live table, or -1
   * @param at where in the target
   */
  public void read(long id, int slot, float[] target, int at) {
    if (holds(slot, id)) {
      int from = row(slot) * (dimension + 1) + 1;
      System.arraycopy(pages.get(slot >> shift).values, from, target, at, dimension);
    } else {
      Arrays.fill(target, at, at + dimension, 0f);
    }
  }

  private boolean holds(int slot, long id) {
    if (slot < 0 || slot >> shift >= pages.size()) {
      return false;
    }
    RowPage page = pages.get(slot >> shift);
    return page.used(row(slot)) && page.ids[row(slot)] == id;
  }

  private int row(int slot) {
    return slot & ((1 << shift) - 1);
  }
}
