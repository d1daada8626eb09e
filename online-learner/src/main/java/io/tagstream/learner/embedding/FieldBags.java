package io.tagstream.learner.embedding;

import java.util.Arrays;

/**
 * Mean pooling of bags of features, forward and backward, in plain Java: {@code x_b = mean of the
 * known rows of bag b}; a bag without known rows is zeros.
 *
 * <p>Distinct rows are copied once per batch, so the table is touched once per distinct feature.
 */
public final class FieldBags {

  private final int dimension;
  private final DistinctIds distinct = new DistinctIds();
  private int[] slots = new int[0];
  private int[] inverse = new int[0];
  private float[] rowValues = new float[0];
  private float[] rowGradients = new float[0];
  private float[] pooled = new float[0];
  private int[] copiedSlots = new int[0];
  private int bags;
  private int[] offsets = new int[0];

  public FieldBags(int dimension) {
    this.dimension = dimension;
  }

  /**
   * Takes a batch's bags; to be followed by a lookup of {@link #distinct()} into {@link #slots}.
   */
  public void load(int bagCount, int[] bagOffsets, long[] ids) {
    bags = 0;
    offsets = bagOffsets;
    distinct.clear();
    add(bagCount, bagOffsets[bagCount], ids, 0);
  }

  /** Takes further bags behind those loaded; they are pooled with them. */
  public void loadMore(int bagCount, int[] bagOffsets, long[] ids) {
    int before = bags;
    int base = offsets[before];
    offsets = Arrays.copyOf(offsets, before + bagCount + 1);
    for (int b = 1; b <= bagCount; b++) {
      offsets[before + b] = base + bagOffsets[b];
    }
    add(bagCount, bagOffsets[bagCount], ids, base);
  }

  private void add(int bagCount, int count, long[] ids, int at) {
    bags += bagCount;
    if (inverse.length < at + count) {
      inverse = Arrays.copyOf(inverse, at + count + (at + count) / 2);
    }
    for (int n = 0; n < count; n++) {
      inverse[at + n] = distinct.add(ids[n]);
    }
  }

  /** The batch's distinct features. */
  public DistinctIds distinct() {
    return distinct;
  }

  /** Room for a slot per distinct feature. */
  public int[] slots() {
    if (slots.length < distinct.size()) {
      slots = new int[distinct.size() + distinct.size() / 2];
    }
    return slots;
  }

  /** Copies the rows of {@link #slots} and pools them; {@code [bags, d]}, valid until the next. */
  public float[] pool(EmbeddingTable table) {
    int count = distinct.size() * dimension;
    if (rowValues.length < count) {
      rowValues = new float[count + count / 2];
      rowGradients = new float[count + count / 2];
    }
    table.gather(slots, distinct.size(), rowValues);
    int needed = bags * dimension;
    if (pooled.length < needed) {
      pooled = new float[needed];
    }
    pool(slots, rowValues, pooled);
    return pooled;
  }

  /**
   * Pools the same bags of rows as they were once: what the copy does not hold is unknown. To be
   * called when {@link #slots} are those of the live table.
   */
  public PooledBags poolCopy(FrozenRows copy) {
    if (copiedSlots.length < distinct.size()) {
      copiedSlots = new int[slots().length];
    }
    float[] values = new float[distinct.size() * dimension];
    copy.gather(distinct, slots, copiedSlots, values);
    float[] ofBags = new float[bags * dimension];
    pool(copiedSlots, values, ofBags);
    return new PooledBags(ofBags, known(copiedSlots));
  }

  private void pool(int[] from, float[] values, float[] target) {
    Arrays.fill(target, 0, bags * dimension, 0f);
    for (int b = 0; b < bags; b++) {
      float share = share(b, from);
      int at = b * dimension;
      for (int n = offsets[b]; n < offsets[b + 1]; n++) {
        int row = inverse[n] * dimension;
        for (int c = 0; c < dimension; c++) {
          target[at + c] += values[row + c] * share;
        }
      }
    }
  }

  /** {@code [bags]}: whether a bag has a feature with a row. */
  public boolean[] known() {
    return known(slots);
  }

  private boolean[] known(int[] from) {
    boolean[] known = new boolean[bags];
    for (int b = 0; b < bags; b++) {
      known[b] = share(b, from) > 0;
    }
    return known;
  }

  /** Starts the backward pass: zero gradients of all distinct rows. */
  public void clearGradients() {
    Arrays.fill(rowGradients, 0, distinct.size() * dimension, 0f);
  }

  /** Adds the bags' gradients, {@code [bags, d]}, to those of their rows. */
  public void addBagGradients(float[] gradients) {
    for (int b = 0; b < bags; b++) {
      float share = share(b, slots);
      int at = b * dimension;
      for (int n = offsets[b]; n < offsets[b + 1]; n++) {
        int row = inverse[n] * dimension;
        for (int c = 0; c < dimension; c++) {
          rowGradients[row + c] += gradients[at + c] * share;
        }
      }
    }
  }

  /** {@code [distinct, d]}: gradients per distinct feature. */
  public float[] gradients() {
    return rowGradients;
  }

  /** Sum of squares of the gradients of features that have rows. */
  public double squaredNorm() {
    double sum = 0;
    for (int u = 0; u < distinct.size(); u++) {
      if (slots[u] >= 0) {
        for (int c = u * dimension; c < (u + 1) * dimension; c++) {
          sum += (double) rowGradients[c] * rowGradients[c];
        }
      }
    }
    return sum;
  }

  private float share(int bag, int[] from) {
    int known = 0;
    for (int n = offsets[bag]; n < offsets[bag + 1]; n++) {
      known += from[inverse[n]] >= 0 ? 1 : 0;
    }
    return known == 0 ? 0f : 1f / known;
  }
}
