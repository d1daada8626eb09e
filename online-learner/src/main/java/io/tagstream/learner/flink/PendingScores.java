package io.tagstream.learner.flink;

import io.tagstream.schemas.Cause;
import io.tagstream.schemas.ScoreRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Score requests that wait for their batch: one per user, with the fields of the request that came
 * last (it knows most) and the causes of all, newest last, at most {@value #MAX_CAUSES}.
 */
final class PendingScores {

  static final int MAX_CAUSES = 16;

  /**
   * One user's merged request.
   *
   * @param latest the request that came last
   * @param eventTimeMillis largest event time of the merged requests
   * @param causes the newest of all of them
   */
  record Merged(ScoreRequest latest, long eventTimeMillis, List<Cause> causes) {}

  private final Map<String, Merged> byUser = new LinkedHashMap<>();

  void add(ScoreRequest request) {
    byUser.merge(
        request.getUserId(),
        new Merged(request, request.getEventTimeMillis(), newest(request.getCauses(), List.of())),
        (before, now) ->
            new Merged(
                request,
                Math.max(before.eventTimeMillis, now.eventTimeMillis),
                newest(before.causes, now.causes)));
  }

  /** The same unless the user has asked by himself; says whether it was taken. */
  boolean addIfAbsent(ScoreRequest request) {
    if (byUser.containsKey(request.getUserId())) {
      return false;
    }
    add(request);
    return true;
  }

  private static List<Cause> newest(List<Cause> before, List<Cause> now) {
    List<Cause> all = new ArrayList<>(before);
    all.addAll(now);
    all.sort(Comparator.comparingLong(Cause::getEventTimeMillis));
    return List.copyOf(all.subList(Math.max(0, all.size() - MAX_CAUSES), all.size()));
  }

  /** Drops the user's request when everything in it is as old as the deletion. */
  void forget(String userId, long upToMillis) {
    byUser.computeIfPresent(
        userId, (user, merged) -> merged.eventTimeMillis <= upToMillis ? null : merged);
  }

  /** Users waiting. */
  int size() {
    return byUser.size();
  }

  /** All of them, in order of their first request; none waits afterwards. */
  List<Merged> take() {
    List<Merged> all = List.copyOf(byUser.values());
    byUser.clear();
    return all;
  }
}
