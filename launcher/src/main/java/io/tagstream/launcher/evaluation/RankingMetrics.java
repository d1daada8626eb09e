package io.tagstream.launcher.evaluation;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * A ranking of tags, and metrics of one user's ranking against the set of tags that turned out
 * true. Averages over users are the caller's.
 */
public final class RankingMetrics {

  private RankingMetrics() {}

  /** The tags by score, best first; equal scores stay in the order given. */
  public static List<String> ranked(List<String> tags, ToDoubleFunction<String> scorer) {
    Map<String, Double> scores = new HashMap<>();
    tags.forEach(tag -> scores.put(tag, scorer.applyAsDouble(tag)));
    return tags.stream()
        .sorted(Comparator.comparingDouble(tag -> -scores.getOrDefault(tag, 0.0)))
        .toList();
  }

  /** True tags among the first {@code k}. */
  public static int hits(List<String> ranked, Set<String> truth, int k) {
    int hits = 0;
    for (String tag : ranked.subList(0, Math.min(k, ranked.size()))) {
      hits += truth.contains(tag) ? 1 : 0;
    }
    return hits;
  }

  /** hits / k, also where fewer than {@code k} are ranked. */
  public static double precision(List<String> ranked, Set<String> truth, int k) {
    return (double) hits(ranked, truth, k) / k;
  }

  /**
   * hits / |truth|.
   *
   * @throws IllegalArgumentException when the truth is empty
   */
  public static double recall(List<String> ranked, Set<String> truth, int k) {
    return (double) hits(ranked, truth, k) / notEmpty(truth);
  }

  /** 1 when there is a hit, else 0. */
  public static double hitRate(List<String> ranked, Set<String> truth, int k) {
    return hits(ranked, truth, k) > 0 ? 1 : 0;
  }

  /**
   * Discounted gain over that of an ideal ranking of {@code min(k, |truth|)} hits.
   *
   * @throws IllegalArgumentException when the truth is empty
   */
  public static double ndcg(List<String> ranked, Set<String> truth, int k) {
    double gain = 0;
    for (int i = 0; i < Math.min(k, ranked.size()); i++) {
      gain += truth.contains(ranked.get(i)) ? discount(i) : 0;
    }
    double ideal = 0;
    for (int i = 0; i < Math.min(k, notEmpty(truth)); i++) {
      ideal += discount(i);
    }
    return gain / ideal;
  }

  /**
   * Discounted gain over that of the retrieved hits in the best order; 0 without a hit. It says
   * where the hits stand, and nothing of those that are missing.
   */
  public static double ndcgRetrieved(List<String> ranked, Set<String> truth, int k) {
    double gain = 0;
    double ideal = 0;
    int hits = 0;
    for (int i = 0; i < Math.min(k, ranked.size()); i++) {
      if (truth.contains(ranked.get(i))) {
        gain += discount(i);
        ideal += discount(hits++);
      }
    }
    return hits == 0 ? 0 : gain / ideal;
  }

  /**
   * Share of (true, false) pairs of the ranking that are in the right order; NaN where one kind is
   * missing. A ranking is a strict order, so there are no ties.
   */
  public static double auc(List<String> ranked, Set<String> truth) {
    long positives = 0;
    long rightPairs = 0;
    for (String tag : ranked) {
      if (truth.contains(tag)) {
        positives++;
      } else {
        rightPairs += positives;
      }
    }
    long negatives = ranked.size() - positives;
    return positives == 0 || negatives == 0
        ? Double.NaN
        : (double) rightPairs / (positives * negatives);
  }

  private static double discount(int index) {
    return Math.log(2) / Math.log(index + 2.0);
  }

  private static int notEmpty(Set<String> truth) {
    if (truth.isEmpty()) {
      throw new IllegalArgumentException(
          "a user without true tags has no such metric; leave it out");
    }
    return truth.size();
  }
}
