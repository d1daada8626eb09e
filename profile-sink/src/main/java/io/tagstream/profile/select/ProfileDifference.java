package io.tagstream.profile.select;

import io.tagstream.profile.ScoredTag;
import io.tagstream.profile.TaskRanking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What changed between two profiles: tags that entered, left, or moved beyond the threshold. */
public final class ProfileDifference {

  private ProfileDifference() {}

  /**
   * The moves from one profile to the next; empty when nothing changed. Per task of {@code after},
   * in its order: entered and moved tags, best first, then those that left; then tasks that are
   * gone. An order of tags that changed by less than the threshold is no move.
   *
   * @param threshold a score must move by more than this
   */
  public static List<TagMovement> between(
      List<TaskRanking> before, List<TaskRanking> after, float threshold) {
    Map<String, Map<String, Float>> left = new LinkedHashMap<>();
    for (TaskRanking ranking : before) {
      Map<String, Float> scores = new LinkedHashMap<>();
      ranking.tags().forEach(t -> scores.put(t.tag(), t.score()));
      left.put(ranking.task(), scores);
    }
    List<TagMovement> moves = new ArrayList<>();
    for (TaskRanking ranking : after) {
      Map<String, Float> old = left.remove(ranking.task());
      addMoves(moves, ranking, old == null ? new LinkedHashMap<>() : old, threshold);
    }
    left.forEach((task, old) -> addLeft(moves, task, old));
    return List.copyOf(moves);
  }

  private static void addMoves(
      List<TagMovement> moves, TaskRanking ranking, Map<String, Float> old, float threshold) {
    for (ScoredTag now : ranking.tags()) {
      Float before = old.remove(now.tag());
      if (before == null || Math.abs((double) now.score() - before) > threshold) {
        moves.add(new TagMovement(ranking.task(), now.tag(), before, now.score()));
      }
    }
    addLeft(moves, ranking.task(), old);
  }

  private static void addLeft(List<TagMovement> moves, String task, Map<String, Float> old) {
    old.forEach((tag, score) -> moves.add(new TagMovement(task, tag, score, null)));
  }
}
