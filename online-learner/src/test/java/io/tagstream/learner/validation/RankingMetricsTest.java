package io.tagstream.learner.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankingMetricsTest {

  private record Row(long user, float p, float y) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyFigureEqualsItsDefinition(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Row> rows = new ArrayList<>();
    int n = 1 + random.nextInt(300);
    boolean graded = seed % 2 == 0;
    for (int i = 0; i < n; i++) {
      // few distinct probabilities, so that ties are common
      float p = random.nextInt(21) / 20f;
      float y = graded ? random.nextInt(5) / 4f : random.nextInt(2);
      rows.add(new Row(random.nextInt(9) - 4, p, y));
    }
    RankingMetrics metrics = metrics(rows);

    assertThat(metrics.auc()).isCloseTo(naiveAuc(rows), within(1e-12));
    assertThat(metrics.gauc()).isCloseTo(naiveGauc(rows), within(1e-12));
    assertThat(metrics.logLoss()).isCloseTo(naiveLogLoss(rows), within(1e-9));
    assertThat(metrics.ndcg()).isCloseTo(naiveNdcg(rows), within(1e-9));
  }

  @Test
  void tieCountsHalf() {
    assertThat(metrics(List.of(new Row(1, .5f, 1), new Row(1, .5f, 0))).auc()).isEqualTo(0.5);
  }

  @Test
  void ndcgOfATieIsTheExpectationOverItsOrders() {
    // the positive is first or second with equal chance
    double expected = 0.5 * (1 + Math.log(2) / Math.log(3));
    assertThat(metrics(List.of(new Row(1, .5f, 1), new Row(1, .5f, 0))).ndcg())
        .isCloseTo(expected, within(1e-12));
  }

  @Test
  void undefinedFiguresAreNull() {
    RankingMetrics none = metrics(List.of());
    assertThat(none.auc()).isNull();
    assertThat(none.gauc()).isNull();
    assertThat(none.logLoss()).isNull();
    assertThat(none.ndcg()).isNull();

    RankingMetrics oneClass = metrics(List.of(new Row(1, .2f, 0), new Row(2, .3f, 0)));
    assertThat(oneClass.auc()).isNull();
    assertThat(oneClass.gauc()).isNull();
    assertThat(oneClass.ndcg()).isNull();
    assertThat(oneClass.logLoss()).isNotNull();

    // both classes, but no user has both
    RankingMetrics apart = metrics(List.of(new Row(1, .2f, 0), new Row(2, .3f, 1)));
    assertThat(apart.auc()).isEqualTo(1.0);
    assertThat(apart.gauc()).isNull();
  }

  @Test
  void logLossOfACertainErrorIsFinite() {
    assertThat(metrics(List.of(new Row(1, 0f, 1), new Row(1, 1f, 0))).logLoss())
        .isCloseTo(-Math.log(RankingMetrics.CLIP), within(1e-6));
  }

  @Test
  void figuresDoNotDependOnTheOrderOfRows() {
    List<Row> rows =
        new ArrayList<>(
            List.of(new Row(1, .1f, 1), new Row(1, .1f, 0), new Row(1, .9f, 0), new Row(2, 0, 1)));
    RankingMetrics before = metrics(rows);
    rows.sort(Comparator.comparing(Row::y));
    RankingMetrics after = metrics(rows);
    assertThat(after.ndcg()).isEqualTo(before.ndcg());
    assertThat(after.auc()).isEqualTo(before.auc());
  }

  private static RankingMetrics metrics(List<Row> rows) {
    long[] users = new long[rows.size()];
    float[] p = new float[rows.size()];
    float[] y = new float[rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      users[i] = rows.get(i).user;
      p[i] = rows.get(i).p;
      y[i] = rows.get(i).y;
    }
    return new RankingMetrics(users, p, y, rows.size());
  }

  private static Double naiveAuc(List<Row> rows) {
    double wins = 0;
    long pairs = 0;
    for (Row a : rows) {
      for (Row b : rows) {
        if (a.y > 0.5 && b.y <= 0.5) {
          pairs++;
          wins += a.p > b.p ? 1 : a.p == b.p ? 0.5 : 0;
        }
      }
    }
    return pairs == 0 ? null : wins / pairs;
  }

  private static Double naiveGauc(List<Row> rows) {
    double sum = 0;
    int weight = 0;
    for (List<Row> user : byUser(rows)) {
      Double auc = naiveAuc(user);
      if (auc != null) {
        sum += auc * user.size();
        weight += user.size();
      }
    }
    return weight == 0 ? null : sum / weight;
  }

  private static double naiveLogLoss(List<Row> rows) {
    double sum = 0;
    for (Row row : rows) {
      double p = Math.min(Math.max(row.p, 1e-7), 1 - 1e-7);
      sum -= row.y * Math.log(p) + (1 - row.y) * Math.log(1 - p);
    }
    return sum / rows.size();
  }

  /** A tied rank's gain is the mean gain of the rows with its probability. */
  private static Double naiveNdcg(List<Row> rows) {
    double sum = 0;
    int users = 0;
    for (List<Row> user : byUser(rows)) {
      float[] ideal = new float[user.size()];
      List<Row> ranked = new ArrayList<>(user);
      ranked.sort(Comparator.comparing(Row::p).reversed());
      double dcg = 0;
      for (int rank = 0; rank < ranked.size(); rank++) {
        float p = ranked.get(rank).p;
        double gain =
            user.stream().filter(r -> r.p == p).mapToDouble(Row::y).average().orElseThrow();
        dcg += gain / (Math.log(rank + 2) / Math.log(2));
        ideal[rank] = user.get(rank).y;
      }
      Arrays.sort(ideal);
      double idcg = 0;
      for (int rank = 0; rank < ideal.length; rank++) {
        idcg += ideal[ideal.length - 1 - rank] / (Math.log(rank + 2) / Math.log(2));
      }
      if (idcg > 0) {
        sum += dcg / idcg;
        users++;
      }
    }
    return users == 0 ? null : sum / users;
  }

  private static Iterable<List<Row>> byUser(List<Row> rows) {
    TreeMap<Long, List<Row>> users = new TreeMap<>();
    rows.forEach(row -> users.computeIfAbsent(row.user, u -> new ArrayList<>()).add(row));
    return users.values();
  }
}
