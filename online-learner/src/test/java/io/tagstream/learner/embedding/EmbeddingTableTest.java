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

class EmbeddingTableTest {

  private static final int DIMENSION = 3;
  private static final long SEED = 11;
  private static final long MINUTE = 60_000L;

  private static EmbeddingConfig config(int admission, int expiryMinutes) {
    return new EmbeddingConfig(
        DIMENSION, 0.1f, 1e-8f, 0.5f, admission, Duration.ofMinutes(expiryMinutes));
  }

  /** The table as one would write it on a napkin. */
  private static final class NaiveTable {
    final Map<Long, float[]> weights = new HashMap<>();
    final Map<Long, Float> accumulators = new HashMap<>();
    final Map<Long, Long> seen = new HashMap<>();
    final Map<Long, Integer> counts = new HashMap<>();
    final Map<Long, Long> counted = new HashMap<>();
    final EmbeddingConfig config;
    long now = Long.MIN_VALUE;

    NaiveTable(EmbeddingConfig config) {
      this.config = config;
    }

    void sight(Map<Long, Integer> occurrences, long eventTimeMillis) {
      now = Math.max(now, eventTimeMillis / MINUTE);
      long expiry = config.expiry().toMinutes();
      seen.entrySet().removeIf(e -> now - e.getValue() > expiry);
      weights.keySet().retainAll(seen.keySet());
      accumulators.keySet().retainAll(seen.keySet());
      counted.entrySet().removeIf(e -> now - e.getValue() > expiry);
      counts.keySet().retainAll(counted.keySet());
      occurrences.forEach(
          (id, n) -> {
            if (!weights.containsKey(id)) {
              counts.merge(id, n, Integer::sum);
              counted.put(id, now);
              if (counts.get(id) < config.admissionCount()) {
                return;
              }
              counts.remove(id);
              counted.remove(id);
              float[] row = new float[DIMENSION];
              for (int c = 0; c < DIMENSION; c++) {
                row[c] = EmbeddingTable.initialWeight(SEED, id, c, config.initialScale());
              }
              weights.put(id, row);
              accumulators.put(id, 0f);
            }
            seen.put(id, now);
          });
    }

    void apply(long id, float[] gradient) {
      float squares = 0;
      for (float g : gradient) {
        squares += g * g;
      }
      float accumulator = accumulators.get(id) + squares / DIMENSION;
      accumulators.put(id, accumulator);
      float rate = config.learningRate() / ((float) Math.sqrt(accumulator) + config.epsilon());
      for (int c = 0; c < DIMENSION; c++) {
        weights.get(id)[c] -= rate * gradient[c];
      }
    }
  }

  @Test
  void equalsTheNaiveTableOverRandomBatches() throws IOException {
    for (int admission : new int[] {1, 3}) {
      SplittableRandom random = new SplittableRandom(5);
      EmbeddingConfig config = config(admission, 20);
      EmbeddingTable table = new EmbeddingTable(config, SEED);
      NaiveTable naive = new NaiveTable(config);
      long time = 1_000_000L * MINUTE;
      int restoredRows = 0;
      long expirations = 0;
      for (int batch = 0; batch < 400; batch++) {
        time += random.nextLong(-2 * MINUTE, 5 * MINUTE);
        DistinctIds ids = new DistinctIds();
        Map<Long, Integer> occurrences = new HashMap<>();
        for (int n = 0; n < 40; n++) {
          long id = random.nextInt(300) * 0x9e3779b97f4a7c15L;
          ids.add(id);
          occurrences.merge(id, 1, Integer::sum);
        }
        int[] slots = new int[ids.size()];
        table.sight(ids, time, slots);
        naive.sight(occurrences, time);
        float[] gradients = new float[ids.size() * DIMENSION];
        for (int g = 0; g < gradients.length; g++) {
          gradients[g] = (float) random.nextDouble(-1, 1);
        }
        table.applyGradients(slots, ids.size(), gradients);
        for (int u = 0; u < ids.size(); u++) {
          assertThat(slots[u] >= 0).isEqualTo(naive.weights.containsKey(ids.id(u)));
          if (slots[u] >= 0) {
            float[] gradient = new float[DIMENSION];
            System.arraycopy(gradients, u * DIMENSION, gradient, 0, DIMENSION);
            naive.apply(ids.id(u), gradient);
          }
        }
        assertSame(table, ids, slots, naive);
        assertThat(restoredRows + table.admissions() - table.expirations()).isEqualTo(table.size());
        if (batch % 37 == 0) {
          expirations += table.expirations();
          EmbeddingTable restored = new EmbeddingTable(config, SEED);
          restored.restore(PageBytes.through(table.freeze()), table.cursors());
          table = restored;
          restoredRows = table.size();
        }
      }
      assertThat(expirations).isPositive();
      assertThat(table.size()).isLessThanOrEqualTo(300).isGreaterThan(0);
    }
  }

  private static void assertSame(
      EmbeddingTable table, DistinctIds ids, int[] slots, NaiveTable naive) {
    float[] values = new float[ids.size() * DIMENSION];
    table.gather(slots, ids.size(), values);
    int[] found = new int[ids.size()];
    table.find(ids, found);
    assertThat(found).isEqualTo(slots);
    for (int u = 0; u < ids.size(); u++) {
      float[] expected = naive.weights.getOrDefault(ids.id(u), new float[DIMENSION]);
      for (int c = 0; c < DIMENSION; c++) {
        assertThat(values[u * DIMENSION + c]).isEqualTo(expected[c]);
      }
    }
  }

  @Test
  void frozenPagesDoNotChangeWhileTheTableDoes() throws IOException {
    EmbeddingTable table = new EmbeddingTable(config(1, 1000), SEED);
    DistinctIds ids = new DistinctIds();
    ids.add(1);
    ids.add(2);
    int[] slots = new int[2];
    table.sight(ids, MINUTE, slots);
    List<RowPage> frozen = table.freeze();
    byte[] before = PageBytes.of(frozen);
    table.applyGradients(slots, 2, new float[] {1, 2, 3, 4, 5, 6});
    ids.add(3);
    table.sight(ids, 5 * MINUTE, new int[3]);
    assertThat(PageBytes.of(frozen)).isEqualTo(before);
    assertThat(PageBytes.of(table.freeze())).isNotEqualTo(before);
  }

  @Test
  void pagesNotWrittenSinceTheLastFreezeAreShared() {
    EmbeddingTable table = new EmbeddingTable(config(1, 1000), SEED);
    DistinctIds ids = new DistinctIds();
    ids.add(1);
    table.sight(ids, MINUTE, new int[1]);
    assertThat(table.freeze().get(0)).isSameAs(table.freeze().get(0));
  }

  @Test
  void silentRowsGiveTheirSlotsBack() {
    EmbeddingTable table = new EmbeddingTable(config(1, 10), SEED);
    DistinctIds ids = new DistinctIds();
    for (long id = 1; id <= 100; id++) {
      ids.add(id);
    }
    table.sight(ids, MINUTE, new int[100]);
    DistinctIds other = new DistinctIds();
    other.add(1000);
    int[] slot = new int[1];
    table.sight(other, 100 * MINUTE, slot);
    for (int n = 0; n < 100; n++) {
      table.sight(other, 101 * MINUTE, slot);
    }
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void goldenPageBytes() throws IOException {
    RowPage page = new RowPage(0, 2, 2, RowPage.rowsPerPage(2));
    page.ids[5] = 0x0102030405060708L;
    page.lastSeen[5] = 77;
    page.values[10] = 1f;
    page.values[11] = -2f;
    assertThat(HexFormat.of().formatHex(PageBytes.of(List.of(page))))
        .isEqualTo(
            "00000001"
                + "00000000"
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
    EmbeddingTable table = new EmbeddingTable(config(1, 10), SEED);
    DistinctIds ids = new DistinctIds();
    ids.add(1);
    table.sight(ids, MINUTE, new int[1]);
    List<RowPage> pages = table.freeze();
    List<RowPage> doubled = new ArrayList<>(pages);
    doubled.addAll(pages);
    assertThatThrownBy(() -> table.restore(doubled, table.cursors()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected page 1");
    byte[] bytes = PageBytes.of(pages);
    bytes[3] = 9;
    assertThatThrownBy(() -> RowPage.readFrom(new DataInputStream(new ByteArrayInputStream(bytes))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 9");
  }
}
