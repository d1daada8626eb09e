package io.tagstream.profile;

import java.util.List;

/**
 * Tags of one task, best first.
 *
 * @param task the task's name
 * @param tags the tags, each once
 */
public record TaskRanking(String task, List<ScoredTag> tags) {

  public TaskRanking {
    tags = List.copyOf(tags);
  }
}
