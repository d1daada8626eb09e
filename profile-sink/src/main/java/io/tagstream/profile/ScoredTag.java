package io.tagstream.profile;

import java.util.Comparator;

/**
 * A tag with its score for one task.
 *
 * @param tag the tag's name
 * @param score probability of the task's label
 */
public record ScoredTag(String tag, float score) {

  /** Best score first; equal scores by name, so that an order never depends on arrival. */
  public static final Comparator<ScoredTag> BEST_FIRST =
      Comparator.comparing(ScoredTag::score, Comparator.reverseOrder())
          .thenComparing(ScoredTag::tag);
}
