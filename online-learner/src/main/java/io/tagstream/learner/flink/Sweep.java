package io.tagstream.learner.flink;

import io.tagstream.learner.stage.UserRecord;
import io.tagstream.schemas.FeatureBags;
import io.tagstream.schemas.ScoreRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * Asks for silent users to be scored again, from the fields that are kept of them: the model has
 * moved since. One timer per user who was ever scored, set again when it fires and not with every
 * scoring; in event time, so that a replay sweeps as the live run did.
 */
final class Sweep {

  /** Users who wait for the next flush; after a long pause of the job all are due at once. */
  private static final int MOST_WAITING = 4_096;

  private static final long POSTPONED_MILLIS = Duration.ofMinutes(1).toMillis();

  private static final long NONE = 0;

  private final long intervalMillis;
  private final InternalTimerService<VoidNamespace> timers;
  private final int tasks;
  private List<ScoreRequest> due = new ArrayList<>();

  /**
   * A sweep.
   *
   * @param interval event time between two scorings of a silent user; 0 for never
   * @param timers of the users
   */
  Sweep(Duration interval, InternalTimerService<VoidNamespace> timers, int tasks) {
    this.intervalMillis = interval.toMillis();
    this.timers = timers;
    this.tasks = tasks;
  }

  /** The current key's user was scored, by event or by sweep. */
  void scored(UserRecord user, long atMillis) {
    user.scored(atMillis);
    if (intervalMillis > 0 && user.sweepAtMillis() == NONE) {
      set(user, user.scoredAtMillis() + intervalMillis);
    }
  }

  /**
   * The current key's timer fired.
   *
   * @param ended whether the input is over: nobody is scored for that
   * @return whether the record has changed
   */
  boolean fired(String userId, UserRecord user, long timerMillis, boolean ended) {
    if (user.sweepAtMillis() != timerMillis) {
      return false;
    }
    user.sweepAt(NONE);
    if (ended || intervalMillis == 0) {
      return true; // the next scoring sets one
    }
    if (user.scoredAtMillis() + intervalMillis > timerMillis) {
      set(user, user.scoredAtMillis() + intervalMillis);
    } else if (due.size() == MOST_WAITING) {
      set(user, timerMillis + POSTPONED_MILLIS);
    } else {
      due.add(request(userId, user));
      user.scored(timerMillis);
      set(user, timerMillis + intervalMillis);
    }
    return true;
  }

  /** The current key's user is forgotten: what waits would bring his profile back. */
  void forget(String userId, UserRecord user) {
    if (user.sweepAtMillis() != NONE) {
      timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, user.sweepAtMillis());
      user.sweepAt(NONE);
    }
    due.removeIf(request -> request.getUserId().equals(userId));
  }

  private void set(UserRecord user, long atMillis) {
    timers.registerEventTimeTimer(VoidNamespace.INSTANCE, atMillis);
    user.sweepAt(atMillis);
  }

  private ScoreRequest request(String userId, UserRecord user) {
    List<Integer> lengths = new ArrayList<>();
    for (int length : user.lengths()) {
      lengths.add(length);
    }
    List<Long> ids = new ArrayList<>();
    for (long id : user.ids()) {
      ids.add(id);
    }
    List<Float> pseudoLabels = new ArrayList<>();
    List<Boolean> pseudoLabelled = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      float label = user.pseudoLabel(task);
      pseudoLabelled.add(!Float.isNaN(label));
      pseudoLabels.add(Float.isNaN(label) ? 0f : label);
    }
    return new ScoreRequest(
        userId,
        user.seenAtMillis(),
        new FeatureBags(lengths, ids),
        pseudoLabels,
        pseudoLabelled,
        List.of(),
        user.schemaVersion());
  }

  /** Whether somebody waits. */
  boolean isDue() {
    return !due.isEmpty();
  }

  /** Who waits; nobody afterwards. */
  List<ScoreRequest> take() {
    List<ScoreRequest> taken = due;
    due = new ArrayList<>();
    return taken;
  }
}
