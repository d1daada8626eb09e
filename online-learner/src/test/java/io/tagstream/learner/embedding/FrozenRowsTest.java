package io.tagstream.learner.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.learner.EmbeddingConfig;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrozenRowsTest {

  private static final int DIMENSION = 3;
  private static final long MINUTE = 60_000L;

  private static EmbeddingTable table(int expiryMinutes) {
    return new EmbeddingTable(
        new EmbeddingConfig(DIMENSION, 0.1f, 1e-8f, 0.5f, 1, Duration.ofMinutes(expiryMinutes)),
        11);
  }

  private static DistinctIds ids(long... ids) {
    DistinctIds distinct = new DistinctIds();
    for (long id : ids) {
      distinct.add(id);
    }
    return distinct;
  }

  /** Weights by id, copied by hand. */
  private static Map<Long, float[]> naive(EmbeddingTable table, int known) {
    Map<Long, float[]> copy = new HashMap<>();
    for (long id = 0; id < known; id++) {
      if (table.find(id) >= 0) {
        float[] row = new float[DIMENSION];
        table.gather(new int[] {table.find(id)}, 1, row);
        copy.put(id, row);
      }
    }
    return copy;
  }

  @Test
  void equalsACopyByHandWhileTheTableMovesOn() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    EmbeddingTable table = table(100_000);
    FrozenRows frozen = FrozenRows.none(DIMENSION);
    Map<Long, float[]> naive = new HashMap<>();
    for (int batch = 0; batch < 60; batch++) {
      DistinctIds ids = new DistinctIds();
      for (int n = 0; n < 20; n++) {
        ids.add(random.nextInt(10 + 4 * batch));
      }
      int[] slots = new int[ids.size()];
      table.sight(ids, batch * MINUTE, slots);
      float[] gradients = new float[ids.size() * DIMENSION];
      for (int g = 0; g < gradients.length; g++) {
        gradients[g] = (float) random.nextDouble(-1, 1);
      }
      table.applyGradients(slots, ids.size(), gradients);
      assertSame(frozen, ids, slots, naive);
      if (batch % 7 == 3) {
        frozen = table.copyRows();
        naive = naive(table, 300);
      } else if (batch % 7 == 5) {
        List<RowPage> state = new ArrayList<>(table.freeze());
        state.addAll(frozen.pages());
        frozen = FrozenRows.among(PageBytes.through(state), DIMENSION);
      }
    }
    assertThat(naive).hasSizeGreaterThan(100);
  }

  private static void assertSame(
      FrozenRows frozen, DistinctIds ids, int[] slots, Map<Long, float[]> naive) {
    float[] values = new float[ids.size() * DIMENSION];
    int[] found = new int[ids.size()];
    frozen.gather(ids, slots, found, values);
    for (int u = 0; u < ids.size(); u++) {
      float[] expected = naive.getOrDefault(ids.id(u), new float[DIMENSION]);
      float[] one = new float[DIMENSION];
      frozen.read(ids.id(u), slots[u], one, 0);
      assertThat(one).isEqualTo(expected);
      assertThat(found[u] >= 0).isEqualTo(naive.containsKey(ids.id(u)));
      for (int c = 0; c < DIMENSION; c++) {
        assertThat(values[u * DIMENSION + c]).isEqualTo(expected[c]);
      }
    }
  }

  @Test
  void whatTheTableLostIsUnknown() {
    EmbeddingTable table = table(10);
    table.sight(ids(1, 2), MINUTE, new int[2]);
    FrozenRows frozen = table.copyRows();
    float[] row = new float[DIMENSION];
    frozen.read(1, table.find(1), row, 0);
    assertThat(row).isNotEqualTo(new float[DIMENSION]);
    table.sight(ids(3), 100 * MINUTE, new int[1]);
    frozen.read(1, table.find(1), row, 0);
    assertThat(row).isEqualTo(new float[DIMENSION]);
    // A newcomer in the slot of another is not that other.
    frozen.read(3, table.find(3), row, 0);
    assertThat(row).isEqualTo(new float[DIMENSION]);
  }

  @Test
  void pagesAreSharedUntilTheyAreWritten() {
    EmbeddingTable table = table(1000);
    int[] slots = new int[1];
    table.sight(ids(1), MINUTE, slots);
    FrozenRows frozen = table.copyRows();
    assertThat(frozen.pages().get(0).values).isSameAs(table.freeze().get(0).values);
    table.applyGradients(slots, 1, new float[] {1, 1, 1});
    assertThat(frozen.pages().get(0).values).isNotSameAs(table.freeze().get(0).values);
  }

  @Test
  void goldenPageBytes() throws IOException {
    RowPage page = new RowPage(RowPage.ROWS, 2, 2, RowPage.rowsPerPage(2));
    page.ids[5] = 0x0102030405060708L;
    page.lastSeen[5] = 77;
    page.values[10] = 1f;
    page.values[11] = -2f;
    page.freeze();
    assertThat(HexFormat.of().formatHex(PageBytes.of(List.of(page.as(RowPage.COPIED_ROWS)))))
        .isEqualTo(
            "00000001"
                + "00000002"
                + "00000002"
                + "00000002"
                + "00020000"
                + "00000001"
                + "00000005"
                + "0102030405060708"
                + "0000004d"
                + "3f800000"
                + "c0000000");
  }

  @Test
  void foreignPagesAreRefused() throws IOException {
    EmbeddingTable table = table(10);
    table.sight(ids(1), MINUTE, new int[1]);
    List<RowPage> pages = table.copyRows().pages();
    byte[] bytes = PageBytes.of(pages);
    bytes[7] = 3;
    assertThatThrownBy(() -> RowPage.readFrom(new DataInputStream(new ByteArrayInputStream(bytes))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("kind 3");
    assertThatThrownBy(() -> FrozenRows.among(pages, DIMENSION + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected page 0 of stride 5");
    List<RowPage> doubled = new ArrayList<>(pages);
    doubled.addAll(pages);
    assertThatThrownBy(() -> FrozenRows.among(doubled, DIMENSION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected page 1");
  }
}
