package io.tagstream.profile.select;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.profile.ProfileConfig;
import io.tagstream.profile.ScoredTag;
import io.tagstream.profile.TaskRanking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TagSelectionTest {

  private static final float THRESHOLD = 0.125f; // exact in binary, so that boundaries are exact

  @Test
  void aNewUserGetsTheBest() {
    assertThat(select(2, List.of(), tag("a", 0.5f), tag("b", 0.75f), tag("c", 0.25f)))
        .containsExactly(tag("b", 0.75f), tag("a", 0.5f));
  }

  @Test
  void equalScoresGoByName() {
    assertThat(select(2, List.of(), tag("c", 0.5f), tag("a", 0.5f), tag("b", 0.5f)))
        .containsExactly(tag("a", 0.5f), tag("b", 0.5f));
  }

  @Test
  void aPublishedTagStaysUntilBeatenByMoreThanTheThreshold() {
    assertThat(select(1, List.of("old"), tag("new", 0.625f), tag("old", 0.5f)))
        .containsExactly(tag("old", 0.5f));
    assertThat(select(1, List.of("old"), tag("new", 0.6251f), tag("old", 0.5f)))
        .containsExactly(tag("new", 0.6251f));
  }

  @Test
  void aPublishedTagThatIsNoCandidateLeaves() {
    assertThat(select(1, List.of("old"), tag("new", 0.1f))).containsExactly(tag("new", 0.1f));
  }

  @Test
  void deniedTagsLeaveAtOnceAndRetiredOnesOnlyDoNotEnter() {
    TagSelection selection =
        new TagSelection(
            new ProfileConfig(
                2, 0, Duration.ZERO, 1, Set.of("denied"), Set.of("retired", "waiting")));
    List<TaskRanking> published =
        List.of(new TaskRanking("click", List.of(tag("denied", 0.9f), tag("retired", 0.8f))));
    List<TaskRanking> candidates =
        List.of(
            new TaskRanking(
                "click",
                List.of(
                    tag("waiting", 0.95f),
                    tag("denied", 0.9f),
                    tag("retired", 0.8f),
                    tag("free", 0.1f))));
    assertThat(selection.select(candidates, published).get(0).tags())
        .containsExactly(tag("retired", 0.8f), tag("free", 0.1f));
  }

  @Test
  void aTagNamedTwiceCountsOnceWithItsBetterScore() {
    assertThat(select(2, List.of(), tag("a", 0.1f), tag("a", 0.5f), tag("b", 0.2f)))
        .containsExactly(tag("a", 0.5f), tag("b", 0.2f));
  }

  @Test
  void tasksKeepTheirOrderAndTheirOwnPublishedTags() {
    TagSelection selection = new TagSelection(config(1));
    List<TaskRanking> candidates =
        List.of(
            new TaskRanking("stay", List.of(tag("a", 0.5f), tag("b", 0.45f))),
            new TaskRanking("click", List.of(tag("a", 0.5f), tag("b", 0.45f))));
    List<TaskRanking> published = List.of(new TaskRanking("click", List.of(tag("b", 0.5f))));
    assertThat(selection.select(candidates, published))
        .containsExactly(
            new TaskRanking("stay", List.of(tag("a", 0.5f))),
            new TaskRanking("click", List.of(tag("b", 0.45f))));
  }

  @Property(tries = 500, seed = "20250101")
  void equalsSwappingPairByPair(
      @ForAll("candidates") Map<String, Float> scores, @ForAll("published") Set<String> published) {
    List<ScoredTag> candidates = new ArrayList<>();
    scores.forEach((name, score) -> candidates.add(tag(name, score)));
    assertThat(select(4, List.copyOf(published), candidates.toArray(ScoredTag[]::new)))
        .containsExactlyElementsOf(swapped(4, candidates, published));
  }

  @Property(tries = 200, seed = "20250102")
  void selectingAgainChangesNothing(@ForAll("candidates") Map<String, Float> scores) {
    ScoredTag[] candidates =
        scores.entrySet().stream()
            .map(e -> tag(e.getKey(), e.getValue()))
            .toArray(ScoredTag[]::new);
    List<ScoredTag> once = select(4, List.of(), candidates);
    assertThat(select(4, once.stream().map(ScoredTag::tag).toList(), candidates))
        .containsExactlyElementsOf(once);
  }

  @Provide
  Arbitrary<Map<String, Float>> candidates() {
    return Arbitraries.maps(
            Arbitraries.of("a", "b", "c", "d", "e", "f", "g", "h", "i"),
            Arbitraries.integers().between(0, 16).map(i -> i / 16f))
        .ofMaxSize(9);
  }

  @Provide
  Arbitrary<Set<String>> published() {
    return Arbitraries.of("a", "b", "c", "d", "e", "f", "x", "y").set().ofMaxSize(4);
  }

  /** The rule read literally: start from the top K; the best displaced incumbent takes back. */
  private static List<ScoredTag> swapped(
      int topK, List<ScoredTag> candidates, Set<String> published) {
    List<ScoredTag> sorted = candidates.stream().sorted(ScoredTag.BEST_FIRST).toList();
    List<ScoredTag> chosen = new ArrayList<>(sorted.subList(0, Math.min(topK, sorted.size())));
    Set<ScoredTag> displaced =
        sorted.stream()
            .filter(t -> !chosen.contains(t) && published.contains(t.tag()))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    for (ScoredTag incumbent : displaced) {
      chosen.stream()
          .filter(t -> !published.contains(t.tag()))
          .max(ScoredTag.BEST_FIRST)
          .filter(newcomer -> newcomer.score() - incumbent.score() <= THRESHOLD)
          .ifPresent(
              newcomer -> {
                chosen.remove(newcomer);
                chosen.add(incumbent);
              });
    }
    chosen.sort(ScoredTag.BEST_FIRST);
    return chosen;
  }

  private static List<ScoredTag> select(int topK, List<String> published, ScoredTag... candidates) {
    List<ScoredTag> before = published.stream().map(name -> tag(name, 0.5f)).toList();
    return new TagSelection(config(topK))
        .select(
            List.of(new TaskRanking("click", List.of(candidates))),
            List.of(new TaskRanking("click", before)))
        .get(0)
        .tags();
  }

  private static ProfileConfig config(int topK) {
    return new ProfileConfig(topK, THRESHOLD, Duration.ZERO, 1, Set.of(), Set.of());
  }

  private static ScoredTag tag(String name, float score) {
    return new ScoredTag(name, score);
  }
}
