package io.tagstream.launcher.evaluation.interactions;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Rankings by counting: what a network has to beat. */
final class CountBaselines {

  /** Weights of the popularity prior that are tried on the validation users, in tags. */
  private static final double[] SMOOTHINGS = {0.3, 1, 3, 10, 30, 100, 300};

  private final UserSplit split;
  private final Map<String, Double> shares = new HashMap<>();
  private final List<String> byPopularity;

  /** Counts the liked items of training users. */
  CountBaselines(UserSplit split) {
    this.split = split;
    Map<String, Integer> counts = new HashMap<>();
    for (SplitUser user : split.training()) {
      user.tagCounts().forEach((tag, count) -> counts.merge(tag, count, Integer::sum));
      user.samples().stream()
          .filter(Interaction::positive)
          .flatMap(each -> each.tags().stream())
          .forEach(tag -> counts.merge(tag, 1, Integer::sum));
    }
    double total = counts.values().stream().mapToInt(Integer::intValue).sum();
    counts.forEach((tag, count) -> shares.put(tag, count / total));
    byPopularity =
        counts.keySet().stream()
            .sorted(
                Comparator.comparingDouble((String tag) -> -shares.getOrDefault(tag, 0.0))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
  }

  /** Every tag, most popular first. */
  List<String> popularity() {
    return byPopularity;
  }

  /** Tags by the user's own count; equal ones by popularity. */
  List<String> counts(SplitUser user) {
    Map<String, Integer> own = user.tagCounts();
    return ranked(own, tag -> own.getOrDefault(tag, 0));
  }

  /**
   * Tags by the user's own count plus the prior's weight times the tag's share.
   *
   * @param quality of rankings on the validation users; larger is better
   */
  Function<SplitUser, List<String>> smoothed(
      ToDoubleFunction<Function<SplitUser, List<String>>> quality) {
    Function<SplitUser, List<String>> best = user -> byPopularity;
    double bestQuality = Double.NEGATIVE_INFINITY;
    for (double smoothing : SMOOTHINGS) {
      Function<SplitUser, List<String>> ranking = user -> smoothed(user, smoothing);
      double reached = quality.applyAsDouble(ranking);
      if (reached > bestQuality) {
        bestQuality = reached;
        best = ranking;
      }
    }
    return best;
  }

  private List<String> smoothed(SplitUser user, double smoothing) {
    Map<String, Integer> own = user.tagCounts();
    return ranked(own, tag -> own.getOrDefault(tag, 0) + smoothing * shares.getOrDefault(tag, 0.0));
  }

  /** Stable: equal scores stay in order of popularity, then id. */
  private List<String> ranked(Map<String, Integer> own, ToDoubleFunction<String> score) {
    List<String> tags = new java.util.ArrayList<>(byPopularity);
    own.keySet().stream().filter(tag -> !shares.containsKey(tag)).sorted().forEach(tags::add);
    tags.sort(Comparator.comparingDouble(tag -> -score.applyAsDouble(tag)));
    return tags;
  }

  /** The split these are counted from. */
  UserSplit split() {
    return split;
  }
}
