package io.tagstream.launcher.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagstream.launcher.evaluation.NextDayTable.Day;
import io.tagstream.launcher.evaluation.NextDayTable.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NextDayEvaluatorTest {

  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  private int impressions;

  @Test
  void aDayByHand() {
    NextDayEvaluator evaluator = new NextDayEvaluator(config(1, null));
    // Day 1. Clicks: a 3, b 2, c 1; u1 likes c and b, u2 only saw things.
    show(evaluator, "u1", 1, true, "c");
    show(evaluator, "u1", 1, true, "b");
    show(evaluator, "u2", 1, false, "d");
    show(evaluator, "u3", 1, true, "a", "b");
    show(evaluator, "u3", 1, true, "a");
    show(evaluator, "u3", 1, true, "a");
    show(evaluator, "u3", 1, true);
    evaluator.endDay(
        Map.of("model", user -> user.equals("u1") ? Map.of("d", 0.9f, "c", 0.8f) : null));
    // Day 2: u1 known, clicks c and d, was shown a and c and d; u9 is new and clicks b.
    show(evaluator, "u1", 2, true, "c", "d");
    show(evaluator, "u1", 2, false, "a");
    show(evaluator, "u9", 2, true, "b");
    show(evaluator, "u9", 2, false);
    NextDayTable table = evaluator.finish();

    assertThat(table.days()).containsExactly(new Day("2022-04-26", 1, 1, 1));
    assertThat(table.untaggedImpressions()).isEqualTo(2);
    assertThat(table.untaggedClicks()).isEqualTo(1);
    // Popularity ranks a, b, c, d; u1's truth is {c, d}.
    assertThat(row(table, "popularity", "known").metrics())
        .containsEntry("P@3", 1.0 / 3)
        .containsEntry("R@3", 0.5)
        .containsEntry("HR@3", 1.0)
        .containsEntry("P@1", 0.0)
        .containsEntry("shownAUC", 0.0);
    // The model says d, c.
    assertThat(row(table, "model", "known").metrics())
        .containsEntry("R@3", 1.0)
        .containsEntry("NDCG@3", 1.0)
        .containsEntry("shownAUC", 1.0)
        .containsEntry("shownNDCG@3", 1.0);
    // Counts: b 1, c 1, then a, d. Ties by popularity: b, c, a, d. Shown: c, a, d.
    assertThat(row(table, "counts", "known").metrics())
        .containsEntry("P@1", 0.0)
        .containsEntry("R@3", 0.5)
        .containsEntry("shownAUC", 0.5);
    // A new user gets popularity from every method: b is second.
    for (String method :
        List.of("model", "popularity", "counts", "decayedCounts", "smoothedCounts")) {
      Map<String, Double> metrics = row(table, method, "new").metrics();
      assertThat(metrics).containsEntry("P@1", 0.0).containsEntry("R@3", 1.0);
      assertThat(metrics.get("NDCG@3")).isCloseTo(0.63093, within(1e-5));
      assertThat(metrics).as("was shown nothing else").doesNotContainKey("shownAUC");
    }
    // All: the mean of both.
    assertThat(row(table, "popularity", "all").metrics()).containsEntry("R@3", 0.75);
    assertThat(row(table, "popularity", "all").userDays()).isEqualTo(2);
  }

  @Test
  void nothingOfADayRanksThatDay() {
    NextDayEvaluator evaluator = new NextDayEvaluator(config(1, null));
    show(evaluator, "u1", 1, true, "a");
    evaluator.endDay(Map.of());
    show(evaluator, "u1", 2, true, "b");
    evaluator.endDay(Map.of());
    show(evaluator, "u1", 3, true, "b");
    NextDayTable table = evaluator.finish();
    assertThat(table.days()).hasSize(2);
    // Day 2 missed b, day 3 found it.
    assertThat(row(table, "counts", "all").metrics()).containsEntry("R@3", 0.5);
  }

  @Test
  void microAndPerDayAveragesDiffer() {
    NextDayEvaluator evaluator = new NextDayEvaluator(config(1, null));
    show(evaluator, "u1", 1, true, "a");
    show(evaluator, "u1", 1, false, "b");
    evaluator.endDay(Map.of());
    show(evaluator, "u1", 2, true, "a");
    evaluator.endDay(Map.of());
    show(evaluator, "u1", 3, true, "b");
    show(evaluator, "u2", 3, true, "b");
    show(evaluator, "u3", 3, true, "b");
    NextDayTable table = evaluator.finish();
    assertThat(row(table, "popularity", "all").metrics()).containsEntry("P@1", 0.25);
    assertThat(
            table.rows().stream()
                .filter(r -> r.method().equals("popularity") && r.users().equals("all"))
                .filter(r -> r.average().equals("perDay")))
        .singleElement()
        .satisfies(r -> assertThat(r.metrics()).containsEntry("P@1", 0.5));
  }

  @Test
  void daysBeforeTheReportAreForTuningOnly() {
    NextDayEvaluator evaluator = new NextDayEvaluator(config(1, LocalDate.of(2022, 4, 27)));
    for (int day = 1; day <= 4; day++) {
      show(evaluator, "u1", day, true, "a");
      evaluator.endDay(Map.of());
    }
    assertThat(evaluator.finish().days())
        .extracting(Day::date)
        .containsExactly("2022-04-27", "2022-04-28");
  }

  @Test
  void daysPartAtMidnightInShanghai() {
    NextDayEvaluator evaluator = new NextDayEvaluator(NextDayConfig.defaults());
    assertThat(evaluator.dayOf(Instant.parse("2022-04-25T15:59:59Z").toEpochMilli()))
        .isEqualTo(LocalDate.of(2022, 4, 25));
    assertThat(evaluator.dayOf(Instant.parse("2022-04-25T16:00:00Z").toEpochMilli()))
        .isEqualTo(LocalDate.of(2022, 4, 26));
  }

  @Test
  void aDayMustBeEndedBeforeTheNext() {
    NextDayEvaluator evaluator = new NextDayEvaluator(NextDayConfig.defaults());
    assertThatThrownBy(() -> evaluator.endDay(Map.of())).isInstanceOf(IllegalStateException.class);
    show(evaluator, "u1", 1, true, "a");
    assertThatThrownBy(() -> show(evaluator, "u1", 2, true, "a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("2022-04-26 while 2022-04-25 is open");
  }

  @Test
  void decayPrefersTheNewAndTheWindowForgetsTheOld() {
    ClickHistory history = new ClickHistory(2, Duration.ofDays(1), 1);
    history.addDay(day(1), end(1), Map.of(), clicks(1, "old", "old", "old"));
    assertThat(history.decayedCount("u", "old")).isCloseTo(3 / Math.sqrt(2), within(1e-9));
    history.addDay(day(2), end(2), Map.of(), clicks(2, "new", "new"));
    assertThat(history.count("u", "old")).isEqualTo(3);
    assertThat(history.decayedCount("u", "old")).isLessThan(history.decayedCount("u", "new"));
    assertThat(history.share("old")).isEqualTo(0.6);
    history.addDay(day(3), end(3), Map.of(), List.of());
    assertThat(history.count("u", "old")).isZero();
    assertThat(history.share("new")).isEqualTo(1);
  }

  @Test
  void writesAsJsonAndComesBack() throws JsonProcessingException {
    NextDayEvaluator evaluator = new NextDayEvaluator(config(1, null));
    show(evaluator, "u1", 1, true, "a");
    evaluator.endDay(Map.of());
    show(evaluator, "u1", 2, true, "a");
    NextDayTable table = evaluator.finish();
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readValue(json.writeValueAsString(table), NextDayTable.class)).isEqualTo(table);
  }

  @Test
  void refusalsNameTheirSetting() {
    assertThatThrownBy(() -> config(0, null)).hasMessageStartingWith("evaluation.smoothing: 0.0");
    assertThatThrownBy(
            () -> new NextDayConfig(SHANGHAI, List.of(), 30, Duration.ofDays(1), 1, null))
        .hasMessageStartingWith("evaluation.cutoffs: []");
    assertThat(NextDayConfig.defaults())
        .isEqualTo(
            new NextDayConfig(SHANGHAI, List.of(3, 5, 10), 30, Duration.ofDays(3), 40, null));
  }

  private static NextDayConfig config(double smoothing, LocalDate reportFrom) {
    return new NextDayConfig(
        SHANGHAI, List.of(1, 3), 30, Duration.ofDays(3), smoothing, reportFrom);
  }

  private void show(
      NextDayEvaluator evaluator, String userId, int day, boolean click, String... tags) {
    String id = "i" + impressions++;
    evaluator.impression(userId, id, List.of(tags), noon(day));
    if (click) {
      evaluator.click(id, noon(day));
    }
  }

  private static List<ClickHistory.TagClick> clicks(int day, String... tags) {
    return List.of(tags).stream()
        .map(tag -> new ClickHistory.TagClick("u", tag, noon(day)))
        .toList();
  }

  private static LocalDate day(int day) {
    return LocalDate.of(2022, 4, 24 + day);
  }

  private static long noon(int day) {
    return day(day).atTime(12, 0).atZone(SHANGHAI).toInstant().toEpochMilli();
  }

  private static long end(int day) {
    return day(day + 1).atStartOfDay(SHANGHAI).toInstant().toEpochMilli();
  }

  private static Row row(NextDayTable table, String method, String users) {
    return table.rows().stream()
        .filter(r -> r.method().equals(method) && r.users().equals(users))
        .filter(r -> r.average().equals("micro"))
        .findFirst()
        .orElseThrow();
  }
}
