package io.tagstream.launcher.evaluation;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What is known of clicks at the end of a day or another stretch of time, for the count baselines:
 * over a window of days, and decaying. Grows by whole stretches only, so that nothing of tomorrow
 * can leak into what ranks it.
 */
final class ClickHistory {

  /** One tag of one clicked impression. */
  record TagClick(String userId, String tag, long timeMillis) {}

  private record Day(LocalDate date, List<TagClick> clicks) {}

  /** Names of the baselines, in the order of tables. */
  static final List<String> BASELINES =
      List.of("popularity", "counts", "decayedCounts", "smoothedCounts");

  private final int windowDays;
  private final double halfLifeMillis;
  private final double smoothing;
  private final Deque<Day> window = new ArrayDeque<>();
  private final TagCounts all = new TagCounts();
  private final Map<String, TagCounts> byUser = new HashMap<>();
  private final Map<String, TagCounts> decayedByUser = new HashMap<>();
  private final Set<String> vocabulary = new HashSet<>();
  private final Set<String> knownUsers = new HashSet<>();
  private long decayedToMillis;

  /**
   * A history before the first click.
   *
   * @param windowDays days after which {@link #addDay} forgets
   * @param halfLife of the counts that decay
   * @param smoothing weight of the popularity prior in the smoothed counts, in clicked tags
   */
  ClickHistory(int windowDays, Duration halfLife, double smoothing) {
    this.windowDays = windowDays;
    this.halfLifeMillis = halfLife.toNanos() / 1e6;
    this.smoothing = smoothing;
  }

  /**
   * A day is over, and with it the oldest day of the window.
   *
   * @param endMillis its end, milliseconds since the epoch
   * @param shown tags shown per user that day
   */
  void addDay(
      LocalDate date, long endMillis, Map<String, Set<String>> shown, List<TagClick> clicks) {
    add(endMillis, shown, clicks);
    window.addLast(new Day(date, List.copyOf(clicks)));
    while (!window.getFirst().date().isAfter(date.minusDays(windowDays))) {
      window.removeFirst().clicks().forEach(click -> count(click, -1));
    }
  }

  /**
   * A stretch of time is over. What is added so is in no window: it counts for ever.
   *
   * @param endMillis its end, milliseconds since the epoch
   * @param shown tags shown per user in it
   */
  void add(long endMillis, Map<String, Set<String>> shown, List<TagClick> clicks) {
    knownUsers.addAll(shown.keySet());
    shown.values().forEach(vocabulary::addAll);
    for (TagClick click : clicks) {
      count(click, 1);
    }
    double decay = decay(endMillis - decayedToMillis);
    decayedByUser.values().forEach(counts -> counts.scale(decay));
    for (TagClick click : clicks) {
      decayedByUser
          .computeIfAbsent(click.userId(), id -> new TagCounts())
          .add(click.tag(), decay(endMillis - click.timeMillis()));
    }
    decayedToMillis = endMillis;
  }

  /** Whether the user was shown anything so far. */
  boolean knows(String userId) {
    return knownUsers.contains(userId);
  }

  /** Who was shown anything so far. */
  Set<String> users() {
    return knownUsers;
  }

  /**
   * What a baseline says of a user's tags; higher is better.
   *
   * @throws IllegalArgumentException when there is no such baseline
   */
  ToDoubleFunction<String> scorer(String baseline, String userId) {
    return switch (BASELINES.indexOf(baseline)) {
      case 0 -> tag -> 0;
      case 1 -> tag -> count(userId, tag);
      case 2 -> tag -> decayedCount(userId, tag);
      case 3 -> tag -> count(userId, tag) + smoothing * share(tag);
      default -> throw new IllegalArgumentException(baseline + " - is none of " + BASELINES);
    };
  }

  /** Every tag shown so far, most clicked first, then by id. */
  List<String> byPopularity() {
    return vocabulary.stream().sorted(all.byCount()).toList();
  }

  /** The tag's share of all clicked tags in the window. */
  double share(String tag) {
    return all.share(tag);
  }

  /** The user's clicks on the tag in the window. */
  double count(String userId, String tag) {
    TagCounts counts = byUser.get(userId);
    return counts == null ? 0 : counts.of(tag);
  }

  /** The user's clicks on the tag, each halved every half-life. */
  double decayedCount(String userId, String tag) {
    TagCounts counts = decayedByUser.get(userId);
    return counts == null ? 0 : counts.of(tag);
  }

  private void count(TagClick click, int by) {
    all.add(click.tag(), by);
    byUser.computeIfAbsent(click.userId(), id -> new TagCounts()).add(click.tag(), by);
  }

  private double decay(long millis) {
    return StrictMath.pow(0.5, (double) millis / halfLifeMillis);
  }
}
