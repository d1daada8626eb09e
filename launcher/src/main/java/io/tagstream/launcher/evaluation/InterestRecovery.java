package io.tagstream.launcher.evaluation;

import io.tagstream.launcher.world.InterestTruth;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Impression;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How much of a planted world's truth profiles recover, beside two baselines counted from the very
 * events that were sent. Thread-safe: one thread may observe while another scores.
 *
 * <p>The figure of a ranking is the share of its first five tags that the user truly likes at the
 * given time, averaged over the users with at least one impression observed. A user without a
 * profile gets popularity in its place, as does every tag a short profile leaves open.
 */
public final class InterestRecovery {

  /** Tags looked at. */
  public static final int TOP = 5;

  /**
   * Weight of the popularity prior, in clicked tags. On the default world with seeds 101 to 103,
   * which no report uses, every weight up to 20 does equally well and greater ones do worse.
   */
  public static final double DEFAULT_SMOOTHING = 3;

  private static final Duration CLICK_HORIZON = Duration.ofMinutes(11);

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
  private final double smoothing;
  private final ClickJoin join;
  private final TagCounts clicks = new TagCounts();
  private final Map<String, TagCounts> clicksByUser = new HashMap<>();

  /** A scorer with the default smoothing. */
  public InterestRecovery(InterestTruth truth) {
    this(truth, DEFAULT_SMOOTHING);
  }

  /**
   * A scorer.
   *
   * @param smoothing weight of the popularity prior, in clicked tags; not negative
   */
  public InterestRecovery(InterestTruth truth, double smoothing) {
    if (!(smoothing >= 0)) {
      throw new IllegalArgumentException(
          "evaluation.smoothing: " + smoothing + " - must be not negative");
    }
    this.truth = truth;
    this.smoothing = smoothing;
    this.join = new ClickJoin(CLICK_HORIZON.toMillis(), new Counting());
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
   * The figures now.
   *
   * @param profiles ranked tags per user, best first; users without a profile are absent
   * @param eventTimeMillis the time the truth is asked for, milliseconds since the epoch
   */
  public synchronized Recovery score(Map<String, List<String>> profiles, long eventTimeMillis) {
    List<String> popular = clicks.tags().stream().sorted(clicks.byCount()).toList();
    int withProfile = 0;
    double recovered = 0;
    double popularity = 0;
    double smoothed = 0;
    // In a fixed order: sums of doubles depend on it.
    for (String userId : new TreeSet<>(clicksByUser.keySet())) {
      Set<String> liked = truth.trueInterests(userId, eventTimeMillis);
      List<String> profile = profiles.getOrDefault(userId, List.of());
      withProfile += profiles.containsKey(userId) ? 1 : 0;
      recovered += RankingMetrics.precision(filled(profile, popular), liked, TOP);
      popularity += RankingMetrics.precision(popular, liked, TOP);
      smoothed += RankingMetrics.precision(bySmoothedCount(userId, popular), liked, TOP);
    }
    int users = clicksByUser.size();
    double divisor = Math.max(users, 1);
    return new Recovery(
        users, withProfile, recovered / divisor, popularity / divisor, smoothed / divisor);
  }

  private List<String> bySmoothedCount(String userId, List<String> popular) {
    TagCounts own = clicksByUser.getOrDefault(userId, new TagCounts());
    Map<String, Double> scores = new HashMap<>();
    popular.forEach(tag -> scores.put(tag, own.of(tag) + smoothing * clicks.share(tag)));
    return popular.stream()
        // Stable: equal scores stay in order of popularity, then id.
        .sorted(Comparator.comparingDouble(tag -> -scores.getOrDefault(tag, 0.0)))
        .limit(TOP)
        .toList();
  }

  private static List<String> filled(List<String> profile, List<String> popular) {
    if (profile.size() >= TOP) {
      return profile;
    }
    List<String> filled = new ArrayList<>(profile);
    popular.stream().filter(tag -> !profile.contains(tag)).limit(TOP).forEach(filled::add);
    return filled;
  }

  private final class Counting implements ClickJoin.Listener {

    @Override
    public void shown(String userId, List<String> tags, long timeMillis) {
      clicksByUser.computeIfAbsent(userId, id -> new TagCounts());
    }

    @Override
    public void clicked(String userId, List<String> tags, long clickTimeMillis) {
      TagCounts own = clicksByUser.computeIfAbsent(userId, id -> new TagCounts());
      for (String tag : tags) {
        own.add(tag, 1);
        clicks.add(tag, 1);
      }
    }
  }
}
