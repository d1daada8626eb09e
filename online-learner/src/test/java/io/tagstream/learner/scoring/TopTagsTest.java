package io.tagstream.learner.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopTagsTest {

  @Test
  void equalsSorting() {
    SplittableRandom random = new SplittableRandom(17);
    for (int round = 0; round < 300; round++) {
      int count = random.nextInt(1, 400);
      int capacity = random.nextInt(1, 80);
      float[] scores = new float[count];
      double spread = round % 3 == 0 ? 1 : 1e-3;
      for (int i = 0; i < count; i++) {
        // Coarse figures, so that there are ties; a little beyond [-1, 1].
        scores[i] = Math.round(random.nextDouble(-1.1, 1.1) * spread * 20_000) / 20_000f;
      }
      int[] expected =
          IntStream.range(0, count)
              .boxed()
              .sorted(
                  (a, b) ->
                      scores[a] == scores[b]
                          ? Integer.compare(a, b)
                          : Float.compare(scores[b], scores[a]))
              .limit(capacity)
              .mapToInt(Integer::intValue)
              .toArray();
      int[] indices = new int[expected.length];
      float[] best = new float[expected.length];
      assertThat(new TopTags(capacity).select(scores, 0, count, indices, best, 0))
          .isEqualTo(expected.length);
      assertThat(indices).isEqualTo(expected);
    }
  }

  @Test
  void whatIsNotANumberIsNeverTaken() {
    int[] indices = {-7, -7, -7};
    float[] scores = {Float.NaN, 0.5f, Float.NaN};
    assertThat(new TopTags(3).select(scores, 0, 3, indices, new float[3], 0)).isEqualTo(1);
    assertThat(indices).containsExactly(1, -7, -7);
  }
}
