package io.tagstream.learner.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OwnTagTermTest {

  private static final int TASKS = 2;
  private static final int FIELDS = 3;
  private static final int IMPRESSIONS = 4;

  private final SplittableRandom random = new SplittableRandom(20260102L);
  private final OwnTagTerm term = new OwnTagTerm(TASKS, FIELDS);
  private final int[] offsets = new int[IMPRESSIONS * FIELDS + 1];
  private final long[] ids;
  private final RowFeatures rows;
  private final float[] weights = new float[TASKS * FIELDS * OwnTagTerm.PLACES];

  OwnTagTermTest() {
    for (int b = 1; b < offsets.length; b++) {
      offsets[b] = offsets[b - 1] + random.nextInt(20); // some bags outgrow the places
    }
    ids = random.longs(offsets[offsets.length - 1], 1, 6).toArray();
    rows =
        new RowFeatures(
            new int[] {0, 0, 1, 2, 3, 3},
            new int[] {0, 1, 2, 0, 3, 1},
            new long[] {1, 2, 3, 99},
            offsets,
            ids);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextDouble(-1, 1);
    }
  }

  @Test
  void addsTheWeightOfEveryPlaceWhereTheTagStands() {
    float[] logits = new float[rows.count() * TASKS];
    term.addTo(logits, weights, rows);
    for (int r = 0; r < rows.count(); r++) {
      for (int k = 0; k < TASKS; k++) {
        assertThat(logits[r * TASKS + k]).isCloseTo(naive(r, k), within(1e-5f));
      }
    }
    assertThat(naive(4, 0)).as("a tag in nobody's fields gains nothing").isZero();
  }

  @Test
  void ofPooledTagsItIsTheMean() {
    RowFeatures pooled =
        new RowFeatures(
            2,
            0,
            new int[] {0, 3},
            new int[] {0, 1},
            new int[] {0, 2, 4},
            new long[] {1, 2, 99, 2},
            offsets,
            ids);
    float[] logits = new float[2 * TASKS];
    term.addTo(logits, weights, pooled);
    for (int k = 0; k < TASKS; k++) {
      // Rows 0 and 1 are tags 1 and 2 of the first user, rows 4 and 5 tags 99 and 2 of the last.
      assertThat(logits[k]).isCloseTo((naive(0, k) + naive(1, k)) / 2, within(1e-5f));
      assertThat(logits[TASKS + k]).isCloseTo((naive(4, k) + naive(5, k)) / 2, within(1e-5f));
    }
    float[] gradient = new float[weights.length];
    float[] seed = new float[logits.length];
    seed[0] = 2f;
    term.gradient(seed, pooled, gradient);
    float product = 0;
    for (int w = 0; w < weights.length; w++) {
      product += gradient[w] * weights[w];
    }
    assertThat(product).isCloseTo(2 * logits[0], within(1e-4f));
  }

  @Test
  void gradientIsTheDifferenceQuotient() {
    float[] seed = new float[rows.count() * TASKS];
    for (int i = 0; i < seed.length; i++) {
      seed[i] = (float) random.nextDouble(-1, 1);
    }
    float[] gradient = new float[weights.length];
    term.gradient(seed, rows, gradient);
    for (int w = 0; w < weights.length; w++) {
      float[] moved = weights.clone();
      moved[w] += 1f; // linear in the weights, so any step is exact
      assertThat(gradient[w])
          .isCloseTo(product(moved, seed) - product(weights, seed), within(1e-4f));
    }
  }

  private float naive(int row, int task) {
    float sum = 0;
    for (int f = 0; f < FIELDS; f++) {
      int bag = rows.impression()[row] * FIELDS + f;
      for (int n = offsets[bag]; n < offsets[bag + 1]; n++) {
        if (ids[n] == rows.tagIds()[rows.tag()[row]]) {
          int place = Math.min(n - offsets[bag], OwnTagTerm.PLACES - 1);
          sum += weights[(task * FIELDS + f) * OwnTagTerm.PLACES + place];
        }
      }
    }
    return sum;
  }

  private float product(float[] values, float[] seed) {
    float[] logits = new float[seed.length];
    term.addTo(logits, values, rows);
    float sum = 0;
    for (int i = 0; i < seed.length; i++) {
      sum += logits[i] * seed[i];
    }
    return sum;
  }
}
