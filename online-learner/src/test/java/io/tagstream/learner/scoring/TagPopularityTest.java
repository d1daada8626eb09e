package io.tagstream.learner.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tagstream.learner.scoring.TagPopularity.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TagPopularityTest {

  private static final Duration HALF_LIFE = Duration.ofDays(1);
  private static final long DAY = HALF_LIFE.toMillis();
  private static final int TASKS = 2;

  private record Positive(int task, List<String> tags, float label, long timeMillis) {}

  /** The oracle halves every positive by its age. Two years are many landmarks. */
  @Test
  void sharesAreThoseOfPositivesHalvedByAgeInAnyOrderAndOverARestore() {
    SplittableRandom random = new SplittableRandom(29);
    TagVocabulary vocabulary = new TagVocabulary(100);
    TagPopularity popularity = new TagPopularity(vocabulary, TASKS, HALF_LIFE);
    List<Positive> positives = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      long disorder = random.nextLong(2 * DAY);
      Positive positive =
          new Positive(
              random.nextInt(TASKS),
              List.of("a" + random.nextInt(5), "b" + random.nextInt(3)),
              (1 + random.nextInt(4)) / 4f,
              Math.max(0, i * DAY / 4 - disorder));
      positives.add(positive);
      vocabulary.observe(positive.tags());
      popularity.observe(positive.task(), positive.tags(), positive.label(), positive.timeMillis());
      if (i % 700 == 699) {
        TagPopularity restored = new TagPopularity(vocabulary, TASKS, HALF_LIFE);
        restored.restore(popularity.toBytes());
        assertThat(restored.toBytes()).isEqualTo(popularity.toBytes());
        popularity = restored;
      }
      if (i % 100 == 99) {
        for (int task = 0; task < TASKS; task++) {
          Map<String, Double> expected = naive(positives, task);
          List<Share> best = popularity.best(task, 100, Set.of());
          assertThat(best).extracting(Share::tag).containsOnlyOnceElementsOf(expected.keySet());
          for (Share share : best) {
            assertThat((double) share.share()).isCloseTo(expected.get(share.tag()), within(1e-6));
          }
          assertThat(best)
              .isSortedAccordingTo((one, other) -> Float.compare(other.share(), one.share()));
        }
      }
    }
  }

  private static Map<String, Double> naive(List<Positive> positives, int task) {
    long newest = positives.stream().mapToLong(Positive::timeMillis).max().orElseThrow();
    double total = 0;
    Map<String, Double> weights = new HashMap<>();
    for (Positive positive : positives) {
      if (positive.task() == task) {
        double weight =
            positive.label() * Math.pow(2, -(newest - positive.timeMillis()) / (double) DAY);
        total += weight;
        positive.tags().forEach(tag -> weights.merge(tag, weight, Double::sum));
      }
    }
    double all = total;
    weights.replaceAll((tag, weight) -> weight / all);
    return weights;
  }

  @Test
  void deniedTagsAndTagsBeyondTheVocabularyAreLeftOutAndCountInTheTotal() {
    TagVocabulary vocabulary = new TagVocabulary(2);
    TagPopularity popularity = new TagPopularity(vocabulary, TASKS, HALF_LIFE);
    assertThat(popularity.best(0, 3, Set.of())).isEmpty();
    for (String tag : List.of("news", "sport", "late")) {
      vocabulary.observe(List.of(tag));
      popularity.observe(0, List.of(tag), 1, 0);
    }
    popularity.observe(0, List.of("sport"), 1, 0);
    assertThat(popularity.best(0, 3, Set.of()))
        .containsExactly(new Share("sport", .5f), new Share("news", .25f));
    assertThat(popularity.best(0, 1, Set.of())).containsExactly(new Share("sport", .5f));
    assertThat(popularity.best(0, 3, Set.of("sport"))).containsExactly(new Share("news", .25f));
    assertThat(popularity.best(1, 3, Set.of())).as("another task").isEmpty();
  }

  @Test
  void bytesThatDoNotFitAreRefused() {
    TagPopularity popularity = new TagPopularity(new TagVocabulary(2), TASKS, HALF_LIFE);
    byte[] bytes = popularity.toBytes();
    assertThatThrownBy(() -> popularity.restore(Arrays.copyOf(bytes, bytes.length - 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tag popularity: 33 bytes - this release reads version 1 with 2 tasks");
    bytes[0] = 9;
    assertThatThrownBy(() -> popularity.restore(bytes)).hasMessageContaining("34 bytes");
  }
}
