package io.tagstream.launcher.evaluation;

import io.tagstream.launcher.world.Drift;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How long profiles take to follow a user who has come to like another topic: from the drift until
 * the user's first {@value InterestRecovery#TOP} tags hold one of that topic, in event time and in
 * impressions of the user's, since some users come rarely.
 *
 * <p>A drift is watched until then, or until the user likes the topic no more, or to the end; what
 * was not recovered by then is incomplete and not lost ({@link SurvivalCurve}). A profile that
 * holds such a tag already by chance follows at once, at the next look. Not thread-safe.
 */
public final class DriftLag {

  private static final class Open {
    final Drift drift;
    int impressions;

    Open(Drift drift) {
      this.drift = drift;
    }
  }

  private final Map<String, List<Open>> open = new HashMap<>();
  private final long endMillis;
  private final SurvivalCurve millis = new SurvivalCurve();
  private final SurvivalCurve impressions = new SurvivalCurve();

  /**
   * A watch.
   *
   * @param drifts those that count
   * @param endMillis nothing is watched beyond, milliseconds since the epoch
   */
  public DriftLag(List<Drift> drifts, long endMillis) {
    this.endMillis = endMillis;
    for (Drift drift : drifts) {
      if (drift.atMillis() < endMillis) {
        open.computeIfAbsent(drift.userId(), id -> new ArrayList<>()).add(new Open(drift));
      }
    }
  }

  /** A user was shown something. */
  public void impression(String userId, long timeMillis) {
    for (Open each : open.getOrDefault(userId, List.of())) {
      if (each.drift.atMillis() <= timeMillis && timeMillis < until(each.drift)) {
        each.impressions++;
      }
    }
  }

  /**
   * Looks at the profiles as they stand.
   *
   * @param timeMillis now, at or after the times of all events and looks before
   * @param tops a user's first tags
   */
  public void look(long timeMillis, Function<String, List<String>> tops) {
    for (Map.Entry<String, List<Open>> user : open.entrySet()) {
      for (Iterator<Open> each = user.getValue().iterator(); each.hasNext(); ) {
        Open watched = each.next();
        Drift drift = watched.drift;
        if (drift.atMillis() > timeMillis) {
          continue;
        }
        if (until(drift) < timeMillis) {
          close(watched, until(drift), false);
          each.remove();
        } else if (tops.apply(user.getKey()).stream().anyMatch(drift.tags()::contains)) {
          close(watched, timeMillis, true);
          each.remove();
        }
      }
    }
  }

  /** The watch is over. */
  public void end() {
    open.values().forEach(of -> of.forEach(each -> close(each, until(each.drift), false)));
    open.clear();
  }

  /** Milliseconds of event time until a drift was followed. */
  public SurvivalCurve millis() {
    return millis;
  }

  /** Impressions of the user's until a drift was followed. */
  public SurvivalCurve impressions() {
    return impressions;
  }

  private long until(Drift drift) {
    return Math.min(drift.untilMillis(), endMillis);
  }

  private void close(Open watched, long atMillis, boolean followed) {
    millis.add((double) (atMillis - watched.drift.atMillis()), followed);
    impressions.add(watched.impressions, followed);
  }
}
