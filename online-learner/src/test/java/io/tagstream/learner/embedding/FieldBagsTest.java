package io.tagstream.learner.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.learner.EmbeddingConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FieldBagsTest {

  private static final int DIMENSION = 4;

  @Test
  void distinctIdsEqualAMapAcrossReuse() {
    SplittableRandom random = new SplittableRandom(3);
    DistinctIds ids = new DistinctIds();
    for (int batch = 0; batch < 50; batch++) {
      ids.clear();
      Map<Long, Integer> expected = new HashMap<>();
      int count = random.nextInt(1, 6000);
      for (int n = 0; n < count; n++) {
        long id = random.nextInt(3000) * 0x632be59bd9b4e019L;
        int index = ids.add(id);
        assertThat(index).isEqualTo(expected.computeIfAbsent(id, k -> expected.size()));
      }
      assertThat(ids.size()).isEqualTo(expected.size());
    }
  }

  @Test
  void poolsTheMeanOfKnownRowsAndSpreadsGradientsBack() {
    // Id 9 comes once and is not admitted with a count of two: unknown.
    EmbeddingTable table =
        new EmbeddingTable(
            new EmbeddingConfig(DIMENSION, 0.1f, 1e-8f, 1f, 2, Duration.ofDays(1)), 1);
    FieldBags bags = new FieldBags(DIMENSION);
    int[] offsets = {0, 2, 2, 5};
    long[] ids = {1, 2, 2, 9, 1};
    bags.load(3, offsets, ids);
    bags.loadMore(2, new int[] {0, 1, 2}, new long[] {1, 2});
    table.sight(bags.distinct(), 60_000_000L, bags.slots());
    float[] pooled = bags.pool(table).clone();
    float[] one = java.util.Arrays.copyOfRange(pooled, 3 * DIMENSION, 4 * DIMENSION);
    float[] two = java.util.Arrays.copyOfRange(pooled, 4 * DIMENSION, 5 * DIMENSION);
    Offset<Float> close = Offset.offset(1e-6f);
    for (int c = 0; c < DIMENSION; c++) {
      assertThat(pooled[c]).isCloseTo((one[c] + two[c]) / 2, close);
      assertThat(pooled[DIMENSION + c]).isZero();
      assertThat(pooled[2 * DIMENSION + c]).isCloseTo((one[c] + two[c]) / 2, close);
    }
    bags.clearGradients();
    float[] gradients = new float[5 * DIMENSION];
    java.util.Arrays.fill(gradients, 0, DIMENSION, 1f);
    java.util.Arrays.fill(gradients, 2 * DIMENSION, 3 * DIMENSION, 4f);
    java.util.Arrays.fill(gradients, 4 * DIMENSION, 5 * DIMENSION, 1f);
    bags.addBagGradients(gradients);
    assertThat(bags.gradients()[0]).isEqualTo(2.5f);
    assertThat(bags.gradients()[DIMENSION]).isEqualTo(3.5f);
    assertThat(bags.squaredNorm()).isCloseTo(4 * (2.5 * 2.5 + 3.5 * 3.5), Offset.offset(1e-9));
  }
}
