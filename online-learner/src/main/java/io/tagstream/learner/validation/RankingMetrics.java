package io.tagstream.learner.validation;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Figures of {@code n} scored rows, exact: nothing is binned. Every figure is independent of the
 * order of the rows, ties included, and null where it is undefined.
 *
 * <p>Labels may be graded, in [0, 1]. AUC and GAUC need two classes: a row is positive when its
 * label exceeds {@value #POSITIVE_ABOVE}. Log loss is the cross entropy with the graded label, NDCG
 * takes the label itself as gain.
 */
public final class RankingMetrics {

  /** A label above this counts as positive where two classes are needed. */
  static final float POSITIVE_ABOVE = 0.5f;

  /** Probabilities are held this far from 0 and 1 in the log loss: float sigmoids reach both. */
  static final double CLIP = 1e-7;

  private final long[] users;
  private final float[] probabilities;
  private final float[] labels;
  private final int n;

  /** Row indices by ascending probability. */
  private final int[] ascending;

  /**
   * Figures over the first {@code n} entries of these arrays, which are not copied.
   *
   * @param users {@code [n]} user of each row
   * @param probabilities {@code [n]} predicted probability, finite
   * @param labels {@code [n]} label in [0, 1]
   */
  public RankingMetrics(long[] users, float[] probabilities, float[] labels, int n) {
    this.users = users;
    this.probabilities = probabilities;
    this.labels = labels;
    this.n = n;
    this.ascending = ascending(probabilities, n);
  }

  /** Probability that a positive row is scored above a negative one, ties counted half. */
  public @Nullable Double auc() {
    double positives = 0;
    double wins = auc(ascending, 0, n);
    for (int i = 0; i < n; i++) {
      positives += isPositive(i) ? 1 : 0;
    }
    double pairs = positives * (n - positives);
    return pairs == 0 ? null : wins / pairs;
  }

  /** AUC within each user, averaged by rows over the users that have both classes. */
  public @Nullable Double gauc() {
    Groups groups = groups();
    double weighted = 0;
    long rows = 0;
    for (int g = 0; g < groups.count(); g++) {
      int from = groups.starts()[g];
      int to = groups.starts()[g + 1];
      long positives = 0;
      for (int i = from; i < to; i++) {
        positives += isPositive(groups.order()[i]) ? 1 : 0;
      }
      long pairs = positives * (to - from - positives);
      if (pairs > 0) {
        weighted += auc(groups.order(), from, to) / pairs * (to - from);
        rows += to - from;
      }
    }
    return rows == 0 ? null : weighted / rows;
  }

  /** Mean of {@code −y ln p − (1−y) ln(1−p)}. */
  public @Nullable Double logLoss() {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double p = Math.min(Math.max(probabilities[i], CLIP), 1 - CLIP);
      sum -= labels[i] * Math.log(p) + (1 - labels[i]) * Math.log1p(-p);
    }
    return n == 0 ? null : sum / n;
  }

  /**
   * NDCG of each user's rows ranked by probability, gain = label, averaged over users with a label
   * above 0. Rows of equal probability share the mean gain of their ranks: the expectation over
   * their orders.
   */
  public @Nullable Double ndcg() {
    Groups groups = groups();
    double sum = 0;
    int usersWithGain = 0;
    for (int g = 0; g < groups.count(); g++) {
      int from = groups.starts()[g];
      int to = groups.starts()[g + 1];
      double ideal = idealDcg(groups.order(), from, to);
      if (ideal > 0) {
        sum += expectedDcg(groups.order(), from, to) / ideal;
        usersWithGain++;
      }
    }
    return usersWithGain == 0 ? null : sum / usersWithGain;
  }

  private boolean isPositive(int row) {
    return labels[row] > POSITIVE_ABOVE;
  }

  /** Pairs (positive, negative) in which the positive ranks higher; ties half. */
  private double auc(int[] order, int from, int to) {
    double wins = 0;
    double negativesBelow = 0;
    int i = from;
    while (i < to) {
      int end = tieEnd(order, i, to);
      long positives = 0;
      for (int j = i; j < end; j++) {
        positives += isPositive(order[j]) ? 1 : 0;
      }
      long negatives = end - i - positives;
      wins += positives * (negativesBelow + 0.5 * negatives);
      negativesBelow += negatives;
      i = end;
    }
    return wins;
  }

  private double expectedDcg(int[] order, int from, int to) {
    double dcg = 0;
    int end = to;
    int rank = 0;
    while (end > from) {
      int start = end - 1;
      while (start > from && probabilities[order[start - 1]] == probabilities[order[end - 1]]) {
        start--;
      }
      double gain = 0;
      double discount = 0;
      for (int j = start; j < end; j++) {
        gain += labels[order[j]];
        discount += discount(rank++);
      }
      dcg += gain / (end - start) * discount;
      end = start;
    }
    return dcg;
  }

  private double idealDcg(int[] order, int from, int to) {
    float[] gains = new float[to - from];
    for (int i = from; i < to; i++) {
      gains[i - from] = labels[order[i]];
    }
    Arrays.sort(gains);
    double dcg = 0;
    for (int rank = 0; rank < gains.length; rank++) {
      dcg += gains[gains.length - 1 - rank] * discount(rank);
    }
    return dcg;
  }

  private static double discount(int rank) {
    return Math.log(2) / Math.log(rank + 2.0);
  }

  private int tieEnd(int[] order, int start, int to) {
    int end = start + 1;
    while (end < to && probabilities[order[end]] == probabilities[order[start]]) {
      end++;
    }
    return end;
  }

  /** Sorts primitives: a probability is not negative, so its bits order as it does. */
  private static int[] ascending(float[] probabilities, int n) {
    long[] keys = new long[n];
    for (int i = 0; i < n; i++) {
      keys[i] = (long) Float.floatToIntBits(probabilities[i]) << Integer.SIZE | i;
    }
    Arrays.sort(keys);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = (int) keys[i];
    }
    return order;
  }

  /** Rows user after user, each user's by ascending probability: a stable counting sort. */
  private Groups groups() {
    Long2IntOpenHashMap index = new Long2IntOpenHashMap();
    int[] group = new int[n];
    for (int i = 0; i < n; i++) {
      int fresh = index.size();
      int known = index.putIfAbsent(users[i], fresh);
      // fastutil answers the default 0 for "was absent", which is also a group: ask by size
      group[i] = index.size() > fresh ? fresh : known;
    }
    int[] starts = new int[index.size() + 1];
    for (int g : group) {
      starts[g + 1]++;
    }
    for (int g = 0; g < index.size(); g++) {
      starts[g + 1] += starts[g];
    }
    int[] next = starts.clone();
    int[] order = new int[n];
    for (int row : ascending) {
      order[next[group[row]]++] = row;
    }
    return new Groups(order, starts, index.size());
  }

  /**
   * @param order row indices, user after user
   * @param starts where each user's begin; one more entry at the end
   */
  @SuppressWarnings("ArrayRecordComponent") // private and short-lived, never compared
  private record Groups(int[] order, int[] starts, int count) {}
}
