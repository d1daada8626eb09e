package io.tagstream.ingestion.join;

import java.util.Iterator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Moves impressions that only a correction can still reach out of the user's state, and back when
 * one does. The join does not see that they were away.
 */
final class Keeper {

  /** Kept impressions are forgotten this often within a horizon, many at a time. */
  private static final int SWEEPS_PER_HORIZON = 16;

  private final JoinRules rules;
  private final KeptImpressions kept;

  Keeper(JoinRules rules, KeptImpressions kept) {
    this.rules = rules;
    this.kept = kept;
  }

  /** Moves out what is closed and stays known until its horizon. */
  void putAside(UserImpressions user) {
    for (Iterator<OpenImpression> all = user.impressions.iterator(); all.hasNext(); ) {
      OpenImpression impression = all.next();
      if (impression.closed && rules.retained(impression)) {
        all.remove();
        kept.put(impression.id, UserImpressions.pack(impression));
        count(user, impression);
      }
    }
  }

  /** Takes an impression back in; null when it is not kept (any more). */
  @Nullable OpenImpression takeBack(UserImpressions user, String id, long watermark) {
    byte[] packed = user.kept == 0 ? null : kept.get(id);
    if (packed == null) {
      return null;
    }
    kept.remove(id);
    user.kept--;
    OpenImpression impression = UserImpressions.unpack(packed);
    if (rules.knownUntil(impression) <= watermark) {
      return null;
    }
    user.impressions.add(impression);
    return impression;
  }

  /** Forgets those whose time has come, once a sweep is due. */
  void expire(UserImpressions user, long watermark) {
    if (user.keptDueMillis <= watermark) {
      forget(user, impression -> rules.knownUntil(impression) <= watermark);
    }
  }

  /** Forgets those that were shown up to a time. */
  void forgetShownUpTo(UserImpressions user, long timeMillis) {
    forget(user, impression -> impression.timeMillis <= timeMillis);
  }

  private void forget(UserImpressions user, Predicate<OpenImpression> forgotten) {
    if (user.kept == 0) {
      return;
    }
    user.kept = 0;
    user.keptDueMillis = 0;
    for (String id : kept.ids()) {
      byte[] packed = kept.get(id);
      if (packed == null) {
        continue;
      }
      OpenImpression impression = UserImpressions.unpack(packed);
      if (forgotten.test(impression)) {
        kept.remove(id);
      } else {
        count(user, impression);
      }
    }
  }

  private void count(UserImpressions user, OpenImpression impression) {
    long due = sweepAfter(rules.knownUntil(impression));
    user.keptDueMillis = user.kept == 0 ? due : Math.min(user.keptDueMillis, due);
    user.kept++;
  }

  /** The first sweep at or after a time; many impressions share one. */
  private long sweepAfter(long timeMillis) {
    long step = Math.max(1, rules.horizonMillis() / SWEEPS_PER_HORIZON);
    return -Math.floorDiv(-timeMillis, step) * step;
  }
}
