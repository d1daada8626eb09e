package io.tagstream.ingestion.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ItemVersionsTest {

  private static ItemVersion version(long time, String... tags) {
    return new ItemVersion(time, List.of(tags), Map.of());
  }

  @Test
  void theNewestUpToTheTimeElseTheEarliestKnown() {
    ItemVersions versions = new ItemVersions();
    assertThat(versions.asOf(5)).isNull();
    versions.put(version(20, "b"));
    versions.put(version(10, "a"));
    assertThat(versions.asOf(9)).isEqualTo(version(10, "a"));
    assertThat(versions.asOf(10)).isEqualTo(version(10, "a"));
    assertThat(versions.asOf(19)).isEqualTo(version(10, "a"));
    assertThat(versions.asOf(20)).isEqualTo(version(20, "b"));
    versions.put(version(20, "c"));
    assertThat(versions.asOf(99)).isEqualTo(version(20, "c"));
  }

  @Test
  void forgettingChangesNoAnswerFromThatTimeOn() {
    long seed = 77;
    Random random = new Random(seed);
    for (int run = 0; run < 2_000; run++) {
      ItemVersions all = new ItemVersions();
      ItemVersions pruned = new ItemVersions();
      long horizon = 1L + random.nextInt(100);
      for (int n = random.nextInt(8); n > 0; n--) {
        ItemVersion version = version(1L + random.nextInt(100), "t" + n);
        all.put(version);
        pruned.put(version);
      }
      pruned.forgetBefore(horizon);
      ItemVersions unpacked = ItemVersions.decode(pruned.encode());
      for (long time = horizon; time < 110; time++) {
        assertThat(unpacked.asOf(time)).as("seed %d, run %d", seed, run).isEqualTo(all.asOf(time));
      }
    }
  }

  @Test
  void goldenBytes() {
    Map<String, String> privileged = new TreeMap<>(Comparator.reverseOrder());
    privileged.put("store", "s");
    privileged.put("creator", "");
    ItemVersions versions = new ItemVersions();
    versions.put(new ItemVersion(300, List.of("x", "é"), privileged));
    versions.put(version(1));
    String golden =
        "01"
            + "02"
            + "01"
            + "00"
            + "00"
            + "ac02"
            + "02"
            + "0178"
            + "02c3a9"
            + "02"
            + "0763726561746f72"
            + "00"
            + "0573746f7265"
            + "0173";
    assertThat(HexFormat.of().formatHex(versions.encode())).isEqualTo(golden);
    ItemVersions read = ItemVersions.decode(HexFormat.of().parseHex(golden));
    assertThat(read.asOf(300)).isEqualTo(new ItemVersion(300, List.of("x", "é"), privileged));
    assertThat(read.size()).isEqualTo(2);
    assertThatThrownBy(() -> ItemVersions.decode(HexFormat.of().parseHex(golden + "00")))
        .hasMessageContaining("versions of an item")
        .hasMessageContaining("1 trailing");
    assertThatThrownBy(() -> ItemVersions.decode(HexFormat.of().parseHex("07")))
        .hasMessageContaining("version 7");
  }
}
