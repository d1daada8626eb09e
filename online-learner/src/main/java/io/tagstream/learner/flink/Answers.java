package io.tagstream.learner.flink;

import io.tagstream.learner.stage.UserRecord;
import io.tagstream.schemas.ProfileInput;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.ScoredUser;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserExpiry;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Score requests, deletions and expiries, and what the profile sink hears of them. The champion
 * answers; any other model notes what a request says of a user, so that it can take over with
 * everybody's fields and timers.
 */
final class Answers {

  /** Where answers go. */
  @FunctionalInterface
  interface Downstream {
    void collect(ProfileInput answer, long eventTimeMillis);
  }

  private final UserScoring scoring;
  private final Sweep sweep;
  private final Championship championship;
  private final UserRecords users;
  private final Consumer<String> setKey;
  private final LearnerMeters meters;
  private final Downstream downstream;
  private final PendingScores requests = new PendingScores();

  /**
   * Left to another: since a barrier whose checkpoint may still be aborted, or since a start that
   * was not told yet who publishes.
   */
  private final Unanswered left = new Unanswered();

  Answers(
      UserScoring scoring,
      Sweep sweep,
      Championship championship,
      UserRecords users,
      Consumer<String> setKey,
      LearnerMeters meters,
      Downstream downstream) {
    this.scoring = scoring;
    this.sweep = sweep;
    this.championship = championship;
    this.users = users;
    this.setKey = setKey;
    this.meters = meters;
    this.downstream = downstream;
  }

  /** A request; says whether it can be answered. */
  boolean add(ScoreRequest request) {
    if (!scoring.fits(request)) {
      meters.requestsRefused.inc();
      return false;
    }
    requests.add(request);
    return true;
  }

  /** A deletion: the sink hears of it at once, so nothing is said of what was before it. */
  void add(UserDeletion deletion) throws IOException {
    end(deletion.getUserId(), deletion.getEventTimeMillis(), deletion);
  }

  /** An expiry, which ends a profile as a deletion does. */
  void add(UserExpiry expiry) throws IOException {
    end(expiry.getUserId(), expiry.getEventTimeMillis(), expiry);
  }

  private void end(String userId, long eventTimeMillis, Object body) throws IOException {
    ProfileInput ending = new ProfileInput(userId, body);
    if (championship.isChampion()) {
      downstream.collect(ending, eventTimeMillis);
    } else if (championship.isSteppingDown() || !championship.isKnown()) {
      left.add(ending);
    }
    requests.forget(userId, eventTimeMillis);
    setKey.accept(userId);
    sweep.forget(userId, users.of(userId));
    users.write();
  }

  /** Users who wait. */
  int waiting() {
    return requests.size();
  }

  /** Answers whoever waits, and whoever was silent for long. */
  void giveAll() throws IOException {
    for (ScoreRequest request : sweep.take()) {
      if (scoring.fits(request) && requests.addIfAbsent(request) && championship.isChampion()) {
        meters.usersSwept.inc();
      }
    }
    if (requests.size() == 0) {
      return;
    }
    List<PendingScores.Merged> all = requests.take();
    if (championship.isChampion()) {
      give(all);
    } else {
      note(all);
    }
    users.write();
  }

  private void give(List<PendingScores.Merged> all) {
    if (all.isEmpty()) {
      return;
    }
    for (ScoredUser user : scoring.score(all, users)) {
      downstream.collect(new ProfileInput(user.getUserId(), user), user.getEventTimeMillis());
      scored(user.getUserId(), user.getEventTimeMillis());
      meters.usersScored.inc();
    }
  }

  private void note(List<PendingScores.Merged> all) {
    for (PendingScores.Merged request : all) {
      String userId = request.latest().getUserId();
      UserScoring.note(request, users.of(userId));
      scored(userId, request.eventTimeMillis());
    }
    if (championship.isSteppingDown()) {
      left.add(all);
    }
  }

  /** By this model or by the champion. */
  private void scored(String userId, long eventTimeMillis) {
    UserRecord user = users.of(userId);
    setKey.accept(userId);
    sweep.scored(user, eventTimeMillis);
  }

  /** A model is to be the champion; the first one of a start is at once. */
  void promote(String newChampion) throws IOException {
    championship.promote(newChampion);
    settle();
  }

  /** A checkpoint has completed: what was left to the next champion is his. */
  void completed(long checkpointId) throws IOException {
    championship.completed(checkpointId);
    settle();
  }

  /** A checkpoint was aborted: what was left to a champion who is none after all is given now. */
  void aborted(long checkpointId) throws IOException {
    if (championship.aborted(checkpointId)) {
      settle();
    }
  }

  /** Answers what was left, or leaves it for good, once it is known whose it is. */
  private void settle() throws IOException {
    if (championship.isChampion()) {
      for (ProfileInput ending : left.takeEndings()) {
        downstream.collect(ending, Unanswered.eventTimeMillis(ending));
      }
      give(left.takeRequests());
      users.write();
    } else if (championship.isKnown() && !championship.isSteppingDown()) {
      left.clear();
    }
  }
}
