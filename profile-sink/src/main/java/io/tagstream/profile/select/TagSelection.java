package io.tagstream.profile.select;

import io.tagstream.profile.ProfileConfig;
import io.tagstream.profile.ScoredTag;
import io.tagstream.profile.TaskRanking;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tags a profile shows: the best K of the candidates, with the published ones preferred.
 *
 * <p>A published tag that is still a candidate keeps its place unless a newcomer's score is higher
 * by more than the threshold. That is the order by {@code score + threshold · [published]},
 * published first among equals: a total order, so no chain of small steps can contradict itself.
 * Without it, two tags that take turns at rank K would make a change each time.
 */
public final class TagSelection {

  private final int topK;
  private final float threshold;
  private final Set<String> denied;
  private final Set<String> retired;

  /** A selection as configured. */
  public TagSelection(ProfileConfig config) {
    this.topK = config.topK();
    this.threshold = config.scoreThreshold();
    this.denied = config.deniedTags();
    this.retired = config.retiredTags();
  }

  /**
   * The rankings to publish, in the candidates' task order.
   *
   * @param candidates K and a margin of tags per task; a tag named twice counts with its better
   *     score
   * @param published what was published last; empty for a new user
   */
  public List<TaskRanking> select(List<TaskRanking> candidates, List<TaskRanking> published) {
    List<TaskRanking> selected = new ArrayList<>(candidates.size());
    for (TaskRanking task : candidates) {
      selected.add(new TaskRanking(task.task(), best(task.tags(), tagsOf(published, task.task()))));
    }
    return selected;
  }

  private List<ScoredTag> best(List<ScoredTag> candidates, Set<String> published) {
    Set<String> seen = new HashSet<>();
    return candidates.stream()
        .filter(t -> !denied.contains(t.tag()))
        .filter(t -> !retired.contains(t.tag()) || published.contains(t.tag()))
        .sorted(ScoredTag.BEST_FIRST)
        .filter(t -> seen.add(t.tag()))
        .sorted(preferring(published))
        .limit(topK)
        .sorted(ScoredTag.BEST_FIRST)
        .toList();
  }

  private Comparator<ScoredTag> preferring(Set<String> published) {
    // In double, where the sum of two floats of [0, 1] loses nothing that decides.
    return Comparator.<ScoredTag>comparingDouble(
            t -> -((double) t.score() + (published.contains(t.tag()) ? threshold : 0)))
        .thenComparing(t -> !published.contains(t.tag()))
        .thenComparing(ScoredTag.BEST_FIRST);
  }

  private static Set<String> tagsOf(List<TaskRanking> rankings, String task) {
    Set<String> tags = new HashSet<>();
    for (TaskRanking ranking : rankings) {
      if (ranking.task().equals(task)) {
        ranking.tags().forEach(t -> tags.add(t.tag()));
      }
    }
    return tags;
  }
}
