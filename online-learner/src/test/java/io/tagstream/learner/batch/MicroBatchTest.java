package io.tagstream.learner.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.schemas.FeatureIds;
import org.junit.jupiter.api.Test;

class MicroBatchTest {

  private static void add(MicroBatch.Builder builder, int[] lengths, long... ids) {
    builder.addImpression(
        5L + ids.length,
        true,
        lengths,
        ids,
        new float[] {1},
        new boolean[] {true},
        new float[] {0.5f},
        new boolean[] {false},
        new float[] {1});
  }

  @Test
  void splitsTagsIntoRowsAndKeepsUntaggedImpressions() {
    MicroBatch.Builder builder = MicroBatch.builder(2, 1);
    add(builder, new int[] {2, 0}, 10, 11);
    builder.addTag("a", 1.5f);
    builder.addTag("b", 0.5f);
    add(builder, new int[] {0, 1}, 12);
    add(builder, new int[] {0, 0});
    builder.addTag("a", 1f);
    MicroBatch batch = builder.build();
    assertThat(batch.impressions()).isEqualTo(3);
    assertThat(batch.rows()).isEqualTo(3);
    assertThat(batch.fieldOffsets()).containsExactly(0, 2, 2, 2, 3, 3, 3);
    assertThat(batch.fieldIds()).containsExactly(10, 11, 12);
    assertThat(batch.rowImpression()).containsExactly(0, 0, 2);
    assertThat(batch.rowTag()).containsExactly(0, 1, 0);
    assertThat(batch.tagNames()).containsExactly("a", "b");
    assertThat(batch.tagIds()).containsExactly(FeatureIds.ofTag("a"), FeatureIds.ofTag("b"));
    assertThat(batch.maxEventTimeMillis()).isEqualTo(7);

    builder.clear();
    assertThat(builder.build().rows()).isZero();
    assertThat(builder.build().fieldOffsets()).containsExactly(0);
  }

  @Test
  void anImpressionMayNameItsKindOfItem() {
    MicroBatch.Builder builder = MicroBatch.builder(2, 1);
    assertThatThrownBy(() -> builder.addEntity("post"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("impression first");
    add(builder, new int[] {0, 0});
    add(builder, new int[] {0, 0});
    builder.addEntity("post");
    assertThat(builder.build().entities()).containsExactly("", "post");
    builder.clear();
    assertThat(builder.build().entities()).isEmpty();
  }

  @Test
  void wrongLengthsAreRefused() {
    MicroBatch.Builder builder = MicroBatch.builder(2, 1);
    assertThatThrownBy(() -> builder.addTag("a", 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("impression first");
    assertThatThrownBy(() -> add(builder, new int[] {1}, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("user fields: 1 values - expected 2");
    assertThatThrownBy(() -> add(builder, new int[] {1, 1}, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("user fields ids: 1 values - expected 2");
  }
}
