package io.tagstream.learner.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.learner.batch.MicroBatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureImportanceTest {

  private static final int IMPRESSIONS = 400;

  /** Field 0 says the first label, field 1 says nothing; the second label is always 1. */
  private static MicroBatch batch() {
    MicroBatch.Builder builder = MicroBatch.builder(2, 1, 2);
    for (int i = 0; i < IMPRESSIONS; i++) {
      int label = i % 3 == 0 ? 1 : 0;
      builder.addImpression(
          i,
          true,
          new int[] {1, 2},
          new long[] {label, 10 + i, 20 + i},
          new float[] {label, 1},
          new boolean[] {true, true},
          new float[2],
          new boolean[2],
          new float[] {1, 1});
      builder.addPrivileged(new int[] {1}, new long[] {500 + i});
      builder.addTag("tag" + i % 7, 1);
      if (i % 2 == 0) {
        builder.addTag("other", 1);
      }
    }
    return builder.build();
  }

  @Test
  void whatIsLostOfAucWhenAFieldComesFromAnotherImpression() {
    List<MicroBatch> predicted = new ArrayList<>();
    FeatureImportance importance =
        new FeatureImportance(
            batch(),
            of -> {
              predicted.add(of);
              float[] said = new float[of.rows() * 2];
              for (int r = 0; r < of.rows(); r++) {
                int bag = of.rowImpression()[r] * 2;
                said[r * 2] = of.fieldIds()[of.fieldOffsets()[bag]];
              }
              return said;
            });
    double[][] lost = importance.ofFields(42);
    assertThat(lost[0][0]).as("from 1 to about one half").isBetween(0.4, 0.6);
    assertThat(lost[1][0]).isZero();
    assertThat(lost[0][1]).as("labels of one kind").isNaN();
    assertThat(importance.ofFields(42)).isEqualTo(lost);
    MicroBatch base = predicted.get(0);
    MicroBatch permuted = predicted.get(2);
    assertThat(permuted.fieldOffsets()).isEqualTo(base.fieldOffsets());
    assertThat(permuted.fieldIds())
        .isNotEqualTo(base.fieldIds())
        .containsExactlyInAnyOrder(base.fieldIds());
    assertThat(permuted.privilegedIds()).isEqualTo(base.privilegedIds());
    assertThat(permuted.rowTag()).isEqualTo(base.rowTag());
    assertThat(permuted.labels()).isEqualTo(base.labels());
  }
}
