package io.tagstream.launcher.evaluation;

import io.tagstream.launcher.evaluation.ClickHistory.TagClick;
import io.tagstream.launcher.world.InterestTruth;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Impression;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * How much of a planted world's truth profiles recover, beside count baselines of the very events
 * that were sent. Thread-safe: one thread may observe while another scores.
 *
 * <p>The figure of a ranking is the share of its first five tags that the user truly likes at the
 * given time, averaged over the users with at least one impression observed. A user without a
 * profile gets popularity in its place, as does every tag a short profile leaves open.
 */
public final class InterestRecovery {

  /** Tags looked at. */
  public static final int TOP = 5;

  /** Names of the baselines, in the order of tables. */
  public static final List<String> BASELINES = ClickHistory.BASELINES;

  /**
   * Weight of the popularity prior, in clicked tags. On the default world with seeds 101 to 103,
   * which no report uses, every weight up to 20 does equally well and greater ones do worse.
   */
  public static final double DEFAULT_SMOOTHING = 3;

  /**
   * Half-life of the counts that decay: the best of 3 to 48 hours in four days of the worlds with
   * seeds 101 to 103.
   */
  public static final Duration DEFAULT_HALF_LIFE = Duration.ofDays(2);

  private static final Duration CLICK_HORIZON = Duration.ofMinutes(11);

  /** Nothing is added by whole days here, and only those leave the window. */
  private static final int NO_WINDOW = Integer.MAX_VALUE;

  /**
   * What was recovered.
   *
   * @param users users with at least one impression: the averages' denominator
   * @param usersWithProfile those among them that have a profile
   * @param recoveredInterestsAt5 of the profiles
   * @param popularityAt5 of the globally most clicked tags
   * @param smoothedCountsAt5 of the user's own click counts, smoothed with the popularity prior
   */
  public record Recovery(
      int users,
      int usersWithProfile,
      double recoveredInterestsAt5,
      double popularityAt5,
      double smoothedCountsAt5) {}

  private final InterestTruth truth;
  private final ClickJoin join;
  private final ClickHistory history;
  private final Map<String, Set<String>> shown = new HashMap<>();
  private final Set<String> clickers = new HashSet<>();
  private final List<TagClick> clicks = new ArrayList<>();
  private List<String> popular = List.of();

  /** A scorer with the default smoothing and half-life. */
  public InterestRecovery(InterestTruth truth) {
    this(truth, DEFAULT_SMOOTHING, DEFAULT_HALF_LIFE);
  }

  /**
   * A scorer.
   *
   * @param smoothing weight of the popularity prior, in clicked tags; not negative
   * @param halfLife of the counts that decay; at least a millisecond
   */
  public InterestRecovery(InterestTruth truth, double smoothing, Duration halfLife) {
    check("smoothing", smoothing, smoothing >= 0, "not negative");
    check("half-life", halfLife, halfLife.toMillis() > 0, "at least a millisecond");
    this.truth = truth;
    this.join = new ClickJoin(CLICK_HORIZON.toMillis(), new Counting());
    this.history = new ClickHistory(NO_WINDOW, halfLife, smoothing);
  }

  private static void check(String key, Object value, boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("evaluation." + key + ": " + value + " - must be " + rule);
    }
  }

  /** An event was sent; other kinds than impressions and clicks are passed over. */
  public synchronized void observe(WorldEvent event) {
    if (event.record() instanceof Impression impression) {
      join.impression(
          impression.getUserId(),
          impression.getImpressionId(),
          impression.getTags(),
          impression.getEventTimeMillis());
    } else if (event.record() instanceof Click click) {
      join.click(click.getImpressionId(), click.getEventTimeMillis());
    }
  }

  /**
   * What was observed becomes known to the baselines.
   *
   * @param eventTimeMillis the time up to which events were observed, milliseconds since the epoch
   * @return users who clicked since the last call, in order of their ids
   */
  public synchronized List<String> advance(long eventTimeMillis) {
    history.add(eventTimeMillis, shown, clicks);
    popular = history.byPopularity();
    List<String> active = List.copyOf(new TreeSet<>(clickers));
    shown.clear();
    clickers.clear();
    clicks.clear();
    return active;
  }

  /**
   * The first five tags a baseline gives a user, of what was known at the last {@link #advance}.
   *
   * @param name one of {@link #BASELINES}
   */
  public synchronized List<String> baseline(String name, String userId) {
    List<String> ranked = RankingMetrics.ranked(popular, history.scorer(name, userId));
    return ranked.subList(0, Math.min(TOP, ranked.size()));
  }

  /** The first five tags of a profile, what it leaves open filled with what is popular. */
  public synchronized List<String> filled(List<String> profile) {
    List<String> filled = new ArrayList<>(profile.subList(0, Math.min(TOP, profile.size())));
    for (String tag : popular) {
      if (filled.size() == TOP) {
        break;
      }
      if (!filled.contains(tag)) {
        filled.add(tag);
      }
    }
    return filled;
  }

  /**
   * The share of true interests among the users' first five tags, averaged over the users known at
   * the last {@link #advance}; 0 where there is none.
   *
   * @param profiles ranked tags per user, best first; users without a profile are absent
   * @param eventTimeMillis the time the truth is asked for, milliseconds since the epoch
   */
  public synchronized double recovered(Map<String, List<String>> profiles, long eventTimeMillis) {
    return recovered(userId -> profiles.getOrDefault(userId, List.of()), eventTimeMillis);
  }

  private double recovered(Function<String, List<String>> profiles, long eventTimeMillis) {
    double sum = 0;
    // In a fixed order: sums of doubles depend on it.
    for (String userId : new TreeSet<>(history.users())) {
      Set<String> liked = truth.trueInterests(userId, eventTimeMillis);
      sum += RankingMetrics.precision(filled(profiles.apply(userId)), liked, TOP);
    }
    return sum / Math.max(history.users().size(), 1);
  }

  /**
   * What was observed becomes known, and these are the figures then.
   *
   * @param profiles ranked tags per user, best first; users without a profile are absent
   * @param eventTimeMillis the time the truth is asked for, milliseconds since the epoch
   */
  public synchronized Recovery score(Map<String, List<String>> profiles, long eventTimeMillis) {
    advance(eventTimeMillis);
    Set<String> users = history.users();
    return new Recovery(
        users.size(),
        (int) users.stream().filter(profiles::containsKey).count(),
        recovered(profiles, eventTimeMillis),
        recovered(userId -> List.of(), eventTimeMillis),
        recovered(userId -> baseline("smoothedCounts", userId), eventTimeMillis));
  }

  private final class Counting implements ClickJoin.Listener {

    @Override
    public void shown(String userId, List<String> tags, long timeMillis) {
      shown.computeIfAbsent(userId, id -> new HashSet<>()).addAll(tags);
    }

    @Override
    public void clicked(String userId, List<String> tags, long clickTimeMillis) {
      clickers.add(userId);
      tags.forEach(tag -> clicks.add(new TagClick(userId, tag, clickTimeMillis)));
    }
  }
}
