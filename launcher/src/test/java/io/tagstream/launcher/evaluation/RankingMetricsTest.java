package io.tagstream.launcher.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;

class RankingMetricsTest {

  private static final List<String> RANKED = List.of("a", "b", "c", "d");

  @Test
  void byHand() {
    Set<String> truth = Set.of("b", "d", "x");
    assertThat(RankingMetrics.hits(RANKED, truth, 3)).isEqualTo(1);
    assertThat(RankingMetrics.precision(RANKED, truth, 3)).isEqualTo(1.0 / 3);
    assertThat(RankingMetrics.recall(RANKED, truth, 4)).isEqualTo(2.0 / 3);
    assertThat(RankingMetrics.hitRate(RANKED, truth, 1)).isZero();
    assertThat(RankingMetrics.hitRate(RANKED, truth, 2)).isEqualTo(1);
    // Hit at rank 2; ideal of three hits at ranks 1, 2, 3: 0.63093 / (1 + 0.63093 + 0.5).
    assertThat(RankingMetrics.ndcg(RANKED, truth, 3)).isCloseTo(0.29608, within(1e-5));
    // The ideal is over min(K, |truth|).
    assertThat(RankingMetrics.ndcg(RANKED, Set.of("a"), 3)).isEqualTo(1);
    assertThat(RankingMetrics.ndcg(RANKED, Set.of("a", "b", "c", "d"), 2)).isEqualTo(1);
  }

  @Test
  void shortRankingsMissWhatTheyDoNotName() {
    assertThat(RankingMetrics.precision(List.of("a"), Set.of("a"), 5)).isEqualTo(0.2);
    assertThat(RankingMetrics.ndcg(List.of(), Set.of("a"), 5)).isZero();
  }

  @Test
  void aucByHand() {
    assertThat(RankingMetrics.auc(RANKED, Set.of("a", "c"))).isEqualTo(3.0 / 4);
    assertThat(RankingMetrics.auc(RANKED, Set.of("d"))).isZero();
    assertThat(RankingMetrics.auc(RANKED, Set.of("x"))).isNaN();
    assertThat(RankingMetrics.auc(RANKED, Set.copyOf(RANKED))).isNaN();
  }

  @Test
  void anEmptyTruthIsRefused() {
    assertThatThrownBy(() -> RankingMetrics.recall(RANKED, Set.of(), 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RankingMetrics.ndcg(RANKED, Set.of(), 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 200, seed = "20250104")
  void aucEqualsCountingPairs(
      @ForAll @Size(min = 2, max = 12) @UniqueElements List<@IntRange(max = 40) Integer> tags,
      @ForAll Set<@IntRange(max = 40) Integer> liked) {
    List<String> ranked = tags.stream().map(String::valueOf).toList();
    Set<String> truth = new HashSet<>();
    liked.forEach(tag -> truth.add(String.valueOf(tag)));
    List<Boolean> right = new ArrayList<>();
    for (int i = 0; i < ranked.size(); i++) {
      for (int j = 0; j < ranked.size(); j++) {
        if (truth.contains(ranked.get(i)) && !truth.contains(ranked.get(j))) {
          right.add(i < j);
        }
      }
    }
    Double expected =
        right.isEmpty()
            ? Double.NaN
            : (double) right.stream().filter(r -> r).count() / right.size();
    assertThat(Double.valueOf(RankingMetrics.auc(ranked, truth))).isEqualTo(expected);
  }
}
