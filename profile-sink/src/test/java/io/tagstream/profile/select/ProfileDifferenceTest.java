package io.tagstream.profile.select;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.profile.ScoredTag;
import io.tagstream.profile.TaskRanking;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileDifferenceTest {

  @Test
  void namesWhatEnteredMovedAndLeft() {
    List<TaskRanking> before =
        List.of(
            ranking("gone", tag("x", 0.5f)),
            ranking("click", tag("a", 0.75f), tag("b", 0.5f), tag("c", 0.25f)));
    List<TaskRanking> after =
        List.of(
            ranking("click", tag("b", 0.75f), tag("a", 0.75f), tag("d", 0.125f)),
            ranking("new", tag("y", 0.5f)));
    assertThat(ProfileDifference.between(before, after, 0.125f))
        .containsExactly(
            new TagMovement("click", "b", 0.5f, 0.75f),
            new TagMovement("click", "d", null, 0.125f),
            new TagMovement("click", "c", 0.25f, null),
            new TagMovement("new", "y", null, 0.5f),
            new TagMovement("gone", "x", 0.5f, null));
  }

  @Test
  void aMoveMustExceedTheThreshold() {
    List<TaskRanking> before = List.of(ranking("click", tag("a", 0.5f)));
    List<TaskRanking> after = List.of(ranking("click", tag("a", 0.625f)));
    assertThat(ProfileDifference.between(before, after, 0.125f)).isEmpty();
    assertThat(ProfileDifference.between(before, after, 0.1249f)).hasSize(1);
    assertThat(ProfileDifference.between(before, before, 0)).isEmpty();
  }

  @Test
  void theDigestTellsContentsApart() {
    List<TaskRanking> one = List.of(ranking("click", tag("a", 0.5f), tag("b", 0.25f)));
    assertThat(ContentDigest.of(one))
        .isEqualTo(ContentDigest.of(List.of(ranking("click", tag("a", 0.5f), tag("b", 0.25f)))))
        .isNotEqualTo(ContentDigest.of(List.of(ranking("click", tag("a", 0.5f)))))
        .isNotEqualTo(
            ContentDigest.of(List.of(ranking("click", tag("a", 0.5f), tag("b", 0.2500001f)))))
        .isNotEqualTo(ContentDigest.of(List.of(ranking("stay", tag("a", 0.5f), tag("b", 0.25f)))))
        // Golden: the digest is published and never changes.
        .isEqualTo(-6993771835964559425L);
  }

  private static TaskRanking ranking(String task, ScoredTag... tags) {
    return new TaskRanking(task, List.of(tags));
  }

  private static ScoredTag tag(String name, float score) {
    return new ScoredTag(name, score);
  }
}
