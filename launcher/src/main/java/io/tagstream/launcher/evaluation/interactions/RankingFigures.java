package io.tagstream.launcher.evaluation.interactions;

import io.tagstream.launcher.evaluation.RankingMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Figures of rankings over all tags, averaged over users. */
final class RankingFigures {

  private static final int[] CUTOFFS = {10, 20};

  /** Tags a ranking must hold. */
  static final int LONGEST = 20;

  private RankingFigures() {}

  /** P, R, HR and NDCG at 10 and 20, and NDCG over the retrieved hits at 10. */
  static Map<String, Double> of(List<SplitUser> users, Function<SplitUser, List<String>> ranking) {
    Map<String, Double> sums = new LinkedHashMap<>();
    for (SplitUser user : users) {
      Set<String> truth = user.truth();
      List<String> ranked = ranking.apply(user);
      for (int k : CUTOFFS) {
        sums.merge("P@" + k, RankingMetrics.precision(ranked, truth, k), Double::sum);
        sums.merge("R@" + k, RankingMetrics.recall(ranked, truth, k), Double::sum);
        sums.merge("HR@" + k, RankingMetrics.hitRate(ranked, truth, k), Double::sum);
        sums.merge("NDCG@" + k, RankingMetrics.ndcg(ranked, truth, k), Double::sum);
      }
      sums.merge("NDCG-retrieved@10", RankingMetrics.ndcgRetrieved(ranked, truth, 10), Double::sum);
    }
    sums.replaceAll((name, sum) -> sum / users.size());
    return sums;
  }

  /** What validation looks at. */
  static double ndcg(List<SplitUser> users, Function<SplitUser, List<String>> ranking) {
    return users.stream()
        .mapToDouble(user -> RankingMetrics.ndcg(ranking.apply(user), user.truth(), 10))
        .average()
        .orElse(0);
  }
}
