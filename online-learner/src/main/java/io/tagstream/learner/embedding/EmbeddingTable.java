package io.tagstream.learner.embedding;

import io.tagstream.learner.EmbeddingConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Embedding rows of 64-bit feature ids: {@code d} weights and, beside them, the accumulator of
 * row-wise AdaGrad.
 *
 * <p>A feature has its row once it was sighted {@code admissionCount} times in training; its first
 * weights are a hash of seed and id. A row not sighted for {@code expiry} of event time is gone,
 * its feature is new again. An id without a row is unknown: lookups give slot -1.
 *
 * <p>What a batch costs depends on the batch, not on the size of the table.
 */
public final class EmbeddingTable {

  private static final int SWEPT_PER_BATCH = 4096;
  private static final long MILLIS_PER_MINUTE = 60_000L;

  private final EmbeddingConfig config;
  private final int dimension;
  private final long seed;
  private final PagedRows rows;
  private final PagedRows candidates;
  private int clockMinutes = Integer.MIN_VALUE / 2;
  private int sweepRows;
  private int sweepCandidates;
  private long admissions;

  public EmbeddingTable(EmbeddingConfig config, long seed) {
    this.config = config;
    this.dimension = config.dimension();
    this.seed = seed;
    int expiryMinutes = Math.toIntExact(config.expiry().toMinutes());
    rows = new PagedRows(RowPage.ROWS, dimension + 1, expiryMinutes);
    candidates = new PagedRows(RowPage.CANDIDATES, 1, expiryMinutes);
  }

  /** Weights of a row, {@code d}. */
  public int dimension() {
    return dimension;
  }

  /** Rows that hold a feature, silent ones not yet swept included. */
  public int size() {
    return rows.size();
  }

  /** Features sighted but not yet admitted. */
  public int candidates() {
    return candidates.size();
  }

  /** Rows created since this object was made. */
  public long admissions() {
    return admissions;
  }

  /** Rows dropped because their features were silent, since this object was made. */
  public long expirations() {
    return rows.expirations();
  }

  /**
   * Sights the features of a training batch: counts, admits, creates and dates their rows, and
   * sweeps a few silent ones out. A feature admitted by this batch has its row for all of the
   * batch.
   *
   * @param ids the batch's features with their occurrences
   * @param eventTimeMillis largest event time of the batch; the table's clock never goes back
   * @param slots receives a slot per distinct id, or -1
   */
  public void sight(DistinctIds ids, long eventTimeMillis, int[] slots) {
    clockMinutes = (int) Math.max(clockMinutes, Math.floorDiv(eventTimeMillis, MILLIS_PER_MINUTE));
    find(ids, slots);
    for (int u = 0; u < ids.size(); u++) {
      if (slots[u] >= 0) {
        rows.touch(slots[u], clockMinutes);
      } else if (admit(ids.id(u), ids.occurrences(u))) {
        slots[u] = create(ids.id(u));
      }
    }
    sweepRows = rows.sweep(sweepRows, SWEPT_PER_BATCH, clockMinutes);
    sweepCandidates = candidates.sweep(sweepCandidates, SWEPT_PER_BATCH, clockMinutes);
  }

  /**
   * Finds rows for scoring; changes nothing.
   *
   * @param slots receives a slot per distinct id, or -1
   */
  public void find(DistinctIds ids, int[] slots) {
    // Two passes: in each one the processor waits for several rows' memory at a time.
    for (int u = 0; u < ids.size(); u++) {
      slots[u] = rows.slot(ids.id(u));
    }
    for (int u = 0; u < ids.size(); u++) {
      slots[u] = rows.unexpired(slots[u], clockMinutes);
    }
  }

  /** The slot of one id, or -1; changes nothing. */
  public int find(long id) {
    return rows.find(id, clockMinutes);
  }

  /**
   * Copies weights.
   *
   * @param slots {@code [count]}; -1 gives zeros
   * @param target receives {@code [count, d]}
   */
  public void gather(int[] slots, int count, float[] target) {
    for (int u = 0; u < count; u++) {
      int at = u * dimension;
      if (slots[u] < 0) {
        java.util.Arrays.fill(target, at, at + dimension, 0f);
      } else {
        RowPage page = rows.readable(slots[u]);
        System.arraycopy(page.values, rows.offset(slots[u]) + 1, target, at, dimension);
      }
    }
  }

  /**
   * Row-wise AdaGrad: {@code a ← a + mean(g²)}, {@code w ← w − η g / (√a + ε)}. Rows with slot -1
   * are passed over.
   *
   * @param slots {@code [count]}, each row at most once
   * @param gradients {@code [count, d]}
   */
  public void applyGradients(int[] slots, int count, float[] gradients) {
    for (int u = 0; u < count; u++) {
      if (slots[u] >= 0) {
        RowPage page = rows.writable(slots[u]);
        step(page.values, rows.offset(slots[u]), gradients, u * dimension);
      }
    }
  }

  private void step(float[] values, int row, float[] gradients, int at) {
    float squares = 0;
    for (int c = 0; c < dimension; c++) {
      squares += gradients[at + c] * gradients[at + c];
    }
    if (squares == 0f) {
      return;
    }
    values[row] += squares / dimension;
    float rate = config.learningRate() / ((float) Math.sqrt(values[row]) + config.epsilon());
    for (int c = 0; c < dimension; c++) {
      values[row + 1 + c] -= rate * gradients[at + c];
    }
  }

  /** Freezes all pages and hands them out; cheap, later writes go to copies. */
  public List<RowPage> freeze() {
    List<RowPage> pages = new ArrayList<>();
    rows.freezeInto(pages);
    candidates.freezeInto(pages);
    return pages;
  }

  /** The rows as they are now, to be read beside those that are trained on; cheap. */
  public FrozenRows copyRows() {
    List<RowPage> pages = new ArrayList<>();
    rows.freezeInto(pages);
    return new FrozenRows(
        dimension, pages.stream().map(page -> page.as(RowPage.COPIED_ROWS)).toList());
  }

  /**
   * State beside the pages.
   *
   * @param clockMinutes largest event time seen, in minutes since the epoch
   * @param sweepRows where the next sweep of rows goes on
   * @param sweepCandidates where the next sweep of candidates goes on
   */
  public record Cursors(int clockMinutes, int sweepRows, int sweepCandidates) {}

  /** The table's clock and where its sweeps stand. */
  public Cursors cursors() {
    return new Cursors(clockMinutes, sweepRows, sweepCandidates);
  }

  /**
   * Replaces everything by frozen pages and the cursors taken with them.
   *
   * @throws IllegalArgumentException when a page is missing, doubled or of another dimension
   */
  public void restore(List<RowPage> pages, Cursors cursors) {
    rows.restore(pages);
    candidates.restore(pages);
    clockMinutes = cursors.clockMinutes();
    sweepRows = cursors.sweepRows();
    sweepCandidates = cursors.sweepCandidates();
  }

  private boolean admit(long id, int sightings) {
    if (config.admissionCount() == 1) {
      return true;
    }
    int slot = candidates.find(id, clockMinutes);
    if (slot < 0) {
      slot = candidates.insert(id, clockMinutes);
    } else {
      candidates.touch(slot, clockMinutes);
    }
    float[] values = candidates.writable(slot).values;
    int at = candidates.offset(slot);
    // Counts stay far below 2^24, so a float holds them exactly.
    values[at] += Math.min(sightings, config.admissionCount());
    if (values[at] < config.admissionCount()) {
      return false;
    }
    candidates.remove(slot);
    return true;
  }

  private int create(long id) {
    int slot = rows.insert(id, clockMinutes);
    admissions++;
    float[] values = rows.writable(slot).values;
    int at = rows.offset(slot) + 1;
    for (int c = 0; c < dimension; c++) {
      values[at + c] = initialWeight(seed, id, c, config.initialScale());
    }
    return slot;
  }

  /** Uniform in {@code ±scale}, by seed, id and component alone. */
  static float initialWeight(long seed, long id, int component, float scale) {
    long z = seed * 0x9e3779b97f4a7c15L + id + (component + 1) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    z ^= z >>> 31;
    return ((z >>> 40) * 0x1.0p-23f - 1f) * scale;
  }
}
