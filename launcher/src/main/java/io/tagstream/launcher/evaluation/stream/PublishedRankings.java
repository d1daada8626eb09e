package io.tagstream.launcher.evaluation.stream;

import io.tagstream.profile.ProfileConfig;
import io.tagstream.profile.ScoredTag;
import io.tagstream.profile.TaskRanking;
import io.tagstream.profile.select.ProfileDifference;
import io.tagstream.profile.select.TagSelection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tags of one output as profiles show them, by the sink's own rules: the best K with published
 * ones preferred, replaced when a change is worth publishing. Without {@code profiles.interval},
 * which is about the clock.
 */
final class PublishedRankings {

  private final String output;
  private final TagSelection selection;
  private final float threshold;
  private final Map<String, TaskRanking> published = new HashMap<>();
  private final Map<String, List<String>> tags = new HashMap<>();

  PublishedRankings(String output, ProfileConfig config) {
    this.output = output;
    this.selection = new TagSelection(config);
    this.threshold = config.scoreThreshold();
  }

  /**
   * A user was scored.
   *
   * @param candidates K and a margin of tags, best first
   */
  void scored(String userId, List<ScoredTag> candidates) {
    TaskRanking standing = published.get(userId);
    List<TaskRanking> before = standing == null ? List.of() : List.of(standing);
    List<TaskRanking> after =
        selection.select(List.of(new TaskRanking(output, candidates)), before);
    if (!ProfileDifference.between(before, after, threshold).isEmpty()) {
      published.put(userId, after.get(0));
      tags.put(userId, after.get(0).tags().stream().map(ScoredTag::tag).toList());
    }
  }

  /** The published tags per user, best first; a view. */
  Map<String, List<String>> tags() {
    return tags;
  }
}
