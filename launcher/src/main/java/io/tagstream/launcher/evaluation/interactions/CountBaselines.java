package io.tagstream.launcher.evaluation.interactions;

import io.tagstream.launcher.evaluation.TagCounts;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Rankings by counting: what a network has to beat. */
final class CountBaselines {

  /** Weights of the popularity prior that are tried on the validation users, in tags. */
  private static final double[] SMOOTHINGS = {0.3, 1, 3, 10, 30, 100, 300};

  private final TagCounts all = new TagCounts();
  private final List<String> byPopularity;

  /** Counts the liked items of training users. */
  CountBaselines(List<SplitUser> training) {
    for (SplitUser user : training) {
      all.addAll(user.tagCounts());
      user.samples().stream()
          .filter(Interaction::positive)
          .forEach(each -> each.tags().forEach(tag -> all.add(tag, 1)));
    }
    byPopularity = all.tags().stream().sorted(all.byCount()).toList();
  }

  /** Every tag, most popular first. */
  List<String> popularity() {
    return byPopularity;
  }

  /** Tags by the user's own count; equal ones by popularity. */
  List<String> counts(SplitUser user) {
    TagCounts own = user.tagCounts();
    return ranked(own, own::of);
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
    TagCounts own = user.tagCounts();
    return ranked(own, tag -> own.of(tag) + smoothing * all.share(tag));
  }

  /** Stable: equal scores stay in order of popularity, then id. */
  private List<String> ranked(TagCounts own, ToDoubleFunction<String> score) {
    Set<String> tags = new LinkedHashSet<>(byPopularity);
    tags.addAll(new TreeSet<>(own.tags()));
    return tags.stream()
        .sorted(Comparator.comparingDouble(tag -> -score.applyAsDouble(tag)))
        .toList();
  }
}
