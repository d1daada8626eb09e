package io.tagstream.launcher.evaluation;

import io.tagstream.launcher.evaluation.ClickHistory.TagClick;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The profiles at the end of a day against the tags the users click on the next, beside four count
 * baselines of the same events: global popularity, the user's click counts, the same decaying, the
 * same smoothed with popularity.
 *
 * <p>Events come day by day: all of a day, then {@link #endDay}, then the next. Ties, and tags a
 * profile does not name, go by popularity, then by id; so every ranking is a strict order, and a
 * method that knows nothing of a user is popularity. Not thread-safe.
 */
public final class NextDayEvaluator {

  /** Names of the baselines in the table. */
  public static final List<String> BASELINES = ClickHistory.BASELINES;

  private static final int SHOWN_CUTOFF = 3;
  private static final Duration CLICK_HORIZON = Duration.ofMinutes(11);

  private final NextDayConfig config;
  private final ClickHistory history;
  private final ClickJoin join;
  private final MetricAverages averages = new MetricAverages();
  private final List<NextDayTable.Day> days = new ArrayList<>();
  private final TreeMap<String, Set<String>> shownToday = new TreeMap<>();
  private final TreeMap<String, Set<String>> clickedToday = new TreeMap<>();
  private final List<TagClick> clicksToday = new ArrayList<>();
  private Map<String, ProfileSnapshot> models = Map.of();
  private boolean ranked;
  private @Nullable LocalDate today;
  private long untaggedImpressions;
  private long untaggedClicks;

  /** An evaluator before the first day. */
  public NextDayEvaluator(NextDayConfig config) {
    this.config = config;
    this.history = new ClickHistory(config.windowDays(), config.halfLife(), config.smoothing());
    this.join = new ClickJoin(CLICK_HORIZON.toMillis(), new Today());
  }

  /** The day an event at this time belongs to. */
  public LocalDate dayOf(long timeMillis) {
    return Instant.ofEpochMilli(timeMillis).atZone(config.zone()).toLocalDate();
  }

  /** When a day ends, milliseconds since the epoch. */
  public long endOf(LocalDate day) {
    return day.plusDays(1).atStartOfDay(config.zone()).toInstant().toEpochMilli();
  }

  /**
   * A user was shown an item; a repeat of the impression counts once.
   *
   * @throws IllegalStateException when an earlier day was not ended
   */
  public void impression(
      String userId, String impressionId, @Nullable List<String> tags, long timeMillis) {
    open(timeMillis);
    join.impression(userId, impressionId, tags, timeMillis);
  }

  /**
   * An impression was clicked; a repeat counts once.
   *
   * @throws IllegalStateException when an earlier day was not ended
   */
  public void click(String impressionId, long timeMillis) {
    open(timeMillis);
    join.click(impressionId, timeMillis);
  }

  /**
   * The open day is over: its clicks are held against what was known the day before, then become
   * known themselves.
   *
   * @param profiles by name, what each model says of the users now; ranks the next day
   * @throws IllegalStateException when no event came since the last end
   */
  public void endDay(Map<String, ProfileSnapshot> profiles) {
    LocalDate day = today;
    if (day == null) {
      throw new IllegalStateException("endDay without an event since the last one");
    }
    evaluate(day);
    history.addDay(day, endOf(day), shownToday, clicksToday);
    shownToday.clear();
    clickedToday.clear();
    clicksToday.clear();
    today = null;
    models = new LinkedHashMap<>(profiles);
    ranked = true;
  }

  /** The last day's clicks are held against the last profiles; the table of all days. */
  public NextDayTable finish() {
    if (today != null) {
      endDay(Map.of());
    }
    return new NextDayTable(days, untaggedImpressions, untaggedClicks, averages.rows(day -> true));
  }

  /**
   * The rows of some of the days alone.
   *
   * @param days which
   */
  public List<NextDayTable.Row> rows(Predicate<LocalDate> days) {
    return averages.rows(days);
  }

  private void open(long timeMillis) {
    LocalDate day = dayOf(timeMillis);
    if (today == null) {
      today = day;
    } else if (!today.equals(day)) {
      throw new IllegalStateException(
          "an event of " + day + " while " + today + " is open - end that day first");
    }
  }

  private void evaluate(LocalDate day) {
    LocalDate from = config.reportFrom();
    if (!ranked || (from != null && day.isBefore(from))) {
      return;
    }
    List<String> popular = history.byPopularity();
    int known = 0;
    int rankable = 0;
    for (Map.Entry<String, Set<String>> entry : clickedToday.entrySet()) {
      String userId = entry.getKey();
      Set<String> shown = shownToday.getOrDefault(userId, Set.of());
      known += history.knows(userId) ? 1 : 0;
      rankable += shown.size() > entry.getValue().size() ? 1 : 0;
      String group = history.knows(userId) ? "known" : "new";
      scorers(userId)
          .forEach(
              (method, scorer) -> {
                Map<String, Double> metrics = metrics(scorer, popular, shown, entry.getValue());
                averages.add(method, "all", day, metrics);
                averages.add(method, group, day, metrics);
              });
    }
    days.add(new NextDayTable.Day(day.toString(), known, clickedToday.size() - known, rankable));
  }

  private Map<String, ToDoubleFunction<String>> scorers(String userId) {
    Map<String, ToDoubleFunction<String>> scorers = new LinkedHashMap<>();
    models.forEach(
        (name, snapshot) -> {
          Map<String, Float> scores = snapshot.scores(userId);
          scorers.put(
              name,
              scores == null ? tag -> 0 : tag -> scores.getOrDefault(tag, Float.NEGATIVE_INFINITY));
        });
    BASELINES.forEach(name -> scorers.put(name, history.scorer(name, userId)));
    return scorers;
  }

  private Map<String, Double> metrics(
      ToDoubleFunction<String> scorer,
      List<String> popular,
      Set<String> shown,
      Set<String> clicked) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    List<String> ranked = RankingMetrics.ranked(popular, scorer);
    for (int k : config.cutoffs()) {
      metrics.put("P@" + k, RankingMetrics.precision(ranked, clicked, k));
      metrics.put("R@" + k, RankingMetrics.recall(ranked, clicked, k));
      metrics.put("HR@" + k, RankingMetrics.hitRate(ranked, clicked, k));
      metrics.put("NDCG@" + k, RankingMetrics.ndcg(ranked, clicked, k));
    }
    if (shown.size() > clicked.size()) {
      List<String> rankedShown = RankingMetrics.ranked(among(shown, popular), scorer);
      metrics.put("shownAUC", RankingMetrics.auc(rankedShown, clicked));
      metrics.put(
          "shownNDCG@" + SHOWN_CUTOFF, RankingMetrics.ndcg(rankedShown, clicked, SHOWN_CUTOFF));
    }
    return metrics;
  }

  /** The shown tags by popularity; those never shown before today behind, by id. */
  private static List<String> among(Set<String> shown, List<String> popular) {
    Set<String> ordered = new LinkedHashSet<>(popular);
    ordered.retainAll(shown);
    ordered.addAll(new TreeSet<>(shown));
    return List.copyOf(ordered);
  }

  private final class Today implements ClickJoin.Listener {

    @Override
    public void shown(String userId, List<String> tags, long timeMillis) {
      untaggedImpressions += tags.isEmpty() ? 1 : 0;
      shownToday.computeIfAbsent(userId, id -> new HashSet<>()).addAll(tags);
    }

    @Override
    public void clicked(String userId, List<String> tags, long clickTimeMillis) {
      if (tags.isEmpty()) {
        untaggedClicks++;
        return;
      }
      // Shown before midnight and clicked after it is shown today as well.
      shownToday.computeIfAbsent(userId, id -> new HashSet<>()).addAll(tags);
      clickedToday.computeIfAbsent(userId, id -> new HashSet<>()).addAll(tags);
      tags.forEach(tag -> clicksToday.add(new TagClick(userId, tag, clickTimeMillis)));
    }
  }
}
