package io.tagstream.features.credit;

import java.util.Arrays;

/**
 * Shapley values of an item's tags under the user's own clicks, in closed form, and the weights
 * made of them. Linear in the history, where eq. (1) walks 2^n subsets.
 *
 * <p>With {@code M} the item's tags, {@code n = |M|}, {@code T_j} the clicked sets with counts
 * {@code n_j}, {@code r_j = |T_j ∩ M|} and {@code α(s) = s!(n−s−1)!/n!} (eq. 2):
 *
 * <ul>
 *   <li>EQUAL: {@code φ_t = Σ_j n_j [T_j ⊆ M] ([t∈T_j] α(|T_j|−1) − [t∉T_j] α(|T_j|))}
 *   <li>SUBSET: {@code φ_t = Σ_j n_j [T_j ⊆ M] [t∈T_j] / |T_j|}
 *   <li>SHARING: {@code φ_t = Σ_j n_j [t∈T_j] / r_j}
 *   <li>CONTAINING: {@code φ_t = Σ_j n_j ([t∈T_j]/n − [t∉T_j, r_j>0] (1/(n−r_j) − 1/n))}
 * </ul>
 *
 * <p>Scratch arrays are reused: one instance per thread.
 */
public final class ShapleyCredit {

  private final CreditReading reading;
  private final CreditScale scale;
  private final double temperature;

  /** Position + 1 of a symbol among the item's tags; all 0 between calls. */
  private int[] places = new int[64];

  private boolean[] inSet = new boolean[16];
  private double[] alphas = new double[16];
  private double[] values = new double[16];

  /**
   * Credit in one reading.
   *
   * @param reading what V counts
   * @param scale its unit
   * @param temperature τ of eq. (3), positive
   */
  public ShapleyCredit(CreditReading reading, CreditScale scale, double temperature) {
    this.reading = reading;
    this.scale = scale;
    this.temperature = temperature;
  }

  /**
   * Weights {@code w = n · softmax(φ/τ)}, eq. (3); their mean is 1.
   *
   * @param clicked the sets clicked before
   * @param tags the item's tags, symbols, each once
   * @param n how many of them
   * @param weights takes the weights, {@code [n]}
   */
  public void weights(TagSets clicked, int[] tags, int n, float[] weights) {
    if (n == 1) {
      weights[0] = 1;
      return;
    }
    values(clicked, tags, n);
    double top = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < n; t++) {
      top = Math.max(top, values[t]);
    }
    double sum = 0;
    for (int t = 0; t < n; t++) {
      // StrictMath: the same bits on every machine, so that samples stay equal.
      values[t] = StrictMath.exp((values[t] - top) / temperature);
      sum += values[t];
    }
    for (int t = 0; t < n; t++) {
      weights[t] = (float) (n * values[t] / sum);
    }
  }

  /**
   * Shapley values φ, in the configured scale.
   *
   * @param clicked the sets clicked before
   * @param tags the item's tags, symbols, each once
   * @param n how many of them
   * @return φ of each tag in the first n places; valid until the next call
   */
  public double[] values(TagSets clicked, int[] tags, int n) {
    prepare(tags, n);
    long clicks = 0;
    for (int j = 0; j < clicked.size(); j++) {
      int size = clicked.tagCount(j);
      if (size == 0) {
        continue;
      }
      clicks += clicked.clicks(j);
      int shared = markShared(clicked, j, size);
      if (shared > 0) {
        addSet(clicked.clicks(j), size, shared, n);
        Arrays.fill(inSet, 0, n, false);
      }
    }
    for (int t = 0; t < n; t++) {
      places[tags[t]] = 0;
      if (scale == CreditScale.SHARE && clicks > 0) {
        values[t] /= clicks;
      }
    }
    return values;
  }

  private void prepare(int[] tags, int n) {
    if (n > values.length) {
      int room = Math.max(n, 2 * values.length);
      inSet = new boolean[room];
      alphas = new double[room];
      values = new double[room];
    }
    Arrays.fill(values, 0, n, 0);
    for (int t = 0; t < n; t++) {
      if (tags[t] >= places.length) {
        places = Arrays.copyOf(places, 2 * tags[t]);
      }
      places[tags[t]] = t + 1;
    }
    if (reading == CreditReading.EQUAL && n > 0) {
      alphas[0] = 1.0 / n;
      for (int s = 1; s < n; s++) {
        alphas[s] = alphas[s - 1] * s / (n - s); // s!(n−s−1)!/n! from its predecessor
      }
    }
  }

  private int markShared(TagSets clicked, int j, int size) {
    int shared = 0;
    for (int i = 0; i < size; i++) {
      int symbol = clicked.tag(j, i);
      int place = symbol < places.length ? places[symbol] : 0;
      if (place > 0) {
        inSet[place - 1] = true;
        shared++;
      }
    }
    return shared;
  }

  private void addSet(int clicks, int size, int shared, int n) {
    double member;
    double other;
    switch (reading) {
      case EQUAL -> {
        if (shared < size) {
          return;
        }
        member = alphas[size - 1];
        other = size < n ? -alphas[size] : 0;
      }
      case SUBSET -> {
        if (shared < size) {
          return;
        }
        member = 1.0 / size;
        other = 0;
      }
      case SHARING -> {
        member = 1.0 / shared;
        other = 0;
      }
      case CONTAINING -> {
        member = 1.0 / n;
        other = shared < n ? 1.0 / n - 1.0 / (n - shared) : 0;
      }
      default -> throw new IllegalStateException("credit.reading: " + reading);
    }
    for (int t = 0; t < n; t++) {
      values[t] += clicks * (inSet[t] ? member : other);
    }
  }
}
