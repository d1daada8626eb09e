package io.tagstream.learner.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OwnTagTermTest {

  private static final int TASKS = 2;
  private static final int FIELDS = 3;
  private static final int IMPRESSIONS = 4;
  private static final int PER_FIELD = OwnTagTerm.PLACES + OwnTagTerm.TIMES;

  private final SplittableRandom random = new SplittableRandom(20260102L);
  private final OwnTagTerm term = new OwnTagTerm(TASKS, FIELDS);
  private final int[] offsets = new int[IMPRESSIONS * FIELDS + 1];
  private final long[] ids;
  private final RowFeatures rows;
  private final float[] weights = new float[TASKS * FIELDS * PER_FIELD];

  /** Bags of up to 20 different ids, each up to 10 times in one run: both outgrow the columns. */
  OwnTagTermTest() {
    long[] all = new long[IMPRESSIONS * FIELDS * 200];
    for (int b = 1; b < offsets.length; b++) {
      offsets[b] = offsets[b - 1];
      long[] own = random.longs(random.nextInt(21), 1, 24).distinct().toArray();
      for (long id : own) {
        int times = 1 + random.nextInt(10);
        Arrays.fill(all, offsets[b], offsets[b] + times, id);
        offsets[b] += times;
      }
    }
    ids = Arrays.copyOf(all, offsets[offsets.length - 1]);
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
  void addsTheWeightsOfPlaceAndTimesInEveryFieldWhereTheTagStands() {
    float[] own = term.logits(weights, rows);
    for (int r = 0; r < rows.count(); r++) {
      for (int k = 0; k < TASKS; k++) {
        if (Double.isNaN(naive(r, k))) {
          assertThat(own[r * TASKS + k]).isEqualTo(Float.NEGATIVE_INFINITY);
        } else {
          assertThat(own[r * TASKS + k]).isCloseTo((float) naive(r, k), within(1e-5f));
        }
      }
    }
    assertThat(naive(4, 0)).as("a tag in nobody's fields").isNaN();
    assertThat(naive(0, 0)).as("one in somebody's").isNotNaN();
  }

  @Test
  void aTagOfOnesOwnAddsToTheOddsAndAnotherGainsNothing() {
    float[] logits = {2f, -1f, 0.5f, -40f};
    float[] own = {Float.NEGATIVE_INFINITY, -1f, 3f, 30f, 7f};
    float[] share = OwnTagTerm.mix(logits, own);
    float[] expected = {2f, (float) Math.log(2 * Math.exp(-1)), 3.0789f, 30f};
    for (int n = 0; n < logits.length; n++) {
      assertThat(logits[n]).isCloseTo(expected[n], within(1e-4f));
    }
    assertThat(share).hasSize(4);
    assertThat(share[0]).isEqualTo(1f);
    assertThat(share[1]).isCloseTo(0.5f, within(1e-6f));
  }

  @Test
  void sharesAreTheDerivativesOfTheMixture() {
    for (int n = 0; n < 50; n++) {
      float z = (float) random.nextDouble(-4, 4);
      float o = (float) random.nextDouble(-4, 4);
      float[] mixed = {z};
      float share = OwnTagTerm.mix(mixed, new float[] {o})[0];
      double h = 1e-3;
      double byLogit = (naiveMix(z + h, o) - naiveMix(z - h, o)) / (2 * h);
      double byOwn = (naiveMix(z, o + h) - naiveMix(z, o - h)) / (2 * h);
      assertThat((double) mixed[0]).isCloseTo(naiveMix(z, o), within(1e-5));
      assertThat((double) share).isCloseTo(byLogit, within(1e-5));
      assertThat(1.0 - share).isCloseTo(byOwn, within(1e-5));
    }
  }

  @Test
  void ofPooledTagsItIsTheMeanOfWhatFieldsAdd() {
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
    float[] own = term.logits(weights, pooled);
    // Rows 0 and 1 are tags 1 and 2 of the first user, rows 4 and 5 tags 99 and 2 of the last.
    assertThat(own[0]).isCloseTo((float) mean(naive(0, 0), naive(1, 0)), within(1e-5f));
    assertThat(own[0]).isNotEqualTo((float) naive(0, 0));
    assertThat(own[TASKS]).isCloseTo((float) mean(naive(4, 0), naive(5, 0)), within(1e-5f));
    assertThat(naive(4, 0)).as("one of the two is nobody's").isNaN();
    checkGradient(pooled);
  }

  @Test
  void gradientIsTheDifferenceQuotient() {
    checkGradient(rows);
  }

  private void checkGradient(RowFeatures of) {
    float[] seed = new float[of.count() * TASKS];
    for (int i = 0; i < seed.length; i++) {
      seed[i] = (float) random.nextDouble(-1, 1);
    }
    float[] gradient = new float[weights.length];
    term.gradient(seed, of, gradient);
    for (int w = 0; w < weights.length; w++) {
      float[] moved = weights.clone();
      moved[w] += 1f; // linear in the weights, so any step is exact
      assertThat(gradient[w])
          .isCloseTo(product(moved, seed, of) - product(weights, seed, of), within(1e-4f));
    }
  }

  /** From the definition; NaN for a tag in none of the fields. */
  private double naive(int row, int task) {
    long tag = rows.tagIds()[rows.tag()[row]];
    double sum = -3;
    boolean own = false;
    for (int f = 0; f < FIELDS; f++) {
      int bag = rows.impression()[row] * FIELDS + f;
      long[] field = Arrays.copyOfRange(ids, offsets[bag], offsets[bag + 1]);
      long[] different = Arrays.stream(field).distinct().toArray();
      int times = (int) Arrays.stream(field).filter(id -> id == tag).count();
      for (int place = 0; place < different.length; place++) {
        if (different[place] == tag) {
          int first = (task * FIELDS + f) * PER_FIELD;
          sum += weights[first + Math.min(place, OwnTagTerm.PLACES - 1)];
          sum += weights[first + OwnTagTerm.PLACES + Math.min(times, OwnTagTerm.TIMES) - 1];
          own = true;
        }
      }
    }
    return own ? sum : Double.NaN;
  }

  /** NaN stands for a tag that gains nothing; of two such the row gains nothing. */
  private static double mean(double one, double other) {
    double sum = (Double.isNaN(one) ? 0 : one + 3) + (Double.isNaN(other) ? 0 : other + 3);
    return Double.isNaN(one) && Double.isNaN(other) ? Double.NEGATIVE_INFINITY : -3 + sum / 2;
  }

  private static double naiveMix(double logit, double own) {
    return Math.log(Math.exp(logit) + Math.exp(own));
  }

  private float product(float[] values, float[] seed, RowFeatures of) {
    float[] own = term.logits(values, of);
    float sum = 0;
    for (int i = 0; i < seed.length; i++) {
      sum += own[i] == Float.NEGATIVE_INFINITY ? 0 : own[i] * seed[i];
    }
    return sum;
  }
}
