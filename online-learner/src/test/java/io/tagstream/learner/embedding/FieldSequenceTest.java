package io.tagstream.learner.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.learner.EmbeddingConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FieldSequenceTest {

  @Test
  void placesAreTheFirstIdsOfTheFieldEachInABagOfItsOwn() {
    EmbeddingTable table =
        new EmbeddingTable(new EmbeddingConfig(2, 0.1f, 1e-8f, 0.5f, 1, Duration.ofDays(1)), 3);
    FieldBags bags = new FieldBags(2);
    // Two users with two fields each; of the second field: 5, 6, 7 and 8.
    int[] offsets = {0, 1, 4, 5, 6};
    long[] ids = {1, 5, 6, 7, 2, 8};
    bags.load(4, offsets, ids);
    new FieldSequence(2, 1, 2).loadMore(bags, 2, offsets, ids);
    table.sight(bags.distinct(), 0, bags.slots());
    float[] pooled = bags.pool(table);
    assertThat(bags.known()).containsExactly(true, true, true, true, true, true, true, false);
    long[] places = {5, 6, 8};
    for (int n = 0; n < places.length; n++) {
      float[] row = new float[2];
      table.gather(new int[] {table.find(places[n])}, 1, row);
      assertThat(pooled[(4 + n) * 2]).isEqualTo(row[0]);
      assertThat(pooled[(4 + n) * 2 + 1]).isEqualTo(row[1]);
    }
    assertThat(pooled[14]).isZero();

    PooledBags nothing = bags.poolCopy(FrozenRows.none(2));
    assertThat(nothing.known()).hasSize(8).containsOnly(false);
    assertThat(nothing.values()).hasSize(16).containsOnly(0f);
    PooledBags copied = bags.poolCopy(table.copyRows());
    assertThat(copied.known()).isEqualTo(bags.known());
    for (int n = 0; n < 16; n++) {
      assertThat(copied.values()[n]).isEqualTo(pooled[n]);
    }
  }
}
