package io.tagstream.features.transition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.features.Facts;
import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.bytes.RecordFormatException;
import io.tagstream.features.stay.StayBins;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.FeatureIds;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserFact;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The packed record as it lies in savepoints: the layout changes with its version only. */
class UserRecordGoldenTest {

  private static final String GOLDEN = "/user-record-v3.hex";
  private static final String KEPT = "/kept-impression-v3.hex";
  private static final long T = 1_700_000_000_000L;

  @Test
  void theLayoutIsThatOfTheGoldenFile() throws IOException {
    UserTable table = table();
    assertThat(HexFormat.of().formatHex(table.records().get("u"))).isEqualTo(golden(GOLDEN));
    assertThat(HexFormat.of().formatHex(table.get(FeatureIds.of("impression", "a"))))
        .isEqualTo(golden(KEPT));
  }

  @Test
  void theGoldenFileIsReadAndGoesOn() throws IOException {
    List<TrainingSample> samples = new ArrayList<>();
    UserTable table = new UserTable(config(), samples::add);
    table.records().put("u", HexFormat.of().parseHex(golden(GOLDEN)));
    table.put(labelled("b", T + 700_000, Emission.CLICK, T + 705_000, "click", 1));
    table.advanceTo(T + 705_000); // this table never set the record's timer: the next fact wakes it
    table.put(new UserFact("u", new User("u", T + 990_000, Map.of())));
    assertThat(samples)
        .singleElement()
        .satisfies(
            sample -> {
              assertThat(sample.getTags()).containsExactly("x", "ß");
              assertThat(sample.getPseudoLabels().get(0)).isEqualTo(1f);
              assertThat(sample.getUserFields().getLengths().get(0)).isEqualTo(1);
              assertThat(sample.getUserFields().getLengths().get(1)).isEqualTo(2);
            });
  }

  @Test
  void aCorrectionReachesTheImpressionBesideTheRecord() throws IOException {
    List<TrainingSample> samples = new ArrayList<>();
    UserTable table = new UserTable(config(), samples::add);
    table.records().put("u", HexFormat.of().parseHex(golden(GOLDEN)));
    table.put(new UserFact("u", new User("u", T - 8, Map.of("city", "c"))));
    table.put(FeatureIds.of("impression", "a"), HexFormat.of().parseHex(golden(KEPT)));
    table.advanceTo(T + 990_000);
    long later = T + 1_000_000;
    table.put(labelled("a", T, Emission.CORRECTION, later, "conversion", 1));
    table.advanceTo(later);
    table.put(new UserFact("u", new User("u", later + 1, Map.of())));
    TrainingSample correction = samples.get(samples.size() - 1);
    assertThat(correction.getImpressionId()).isEqualTo("a");
    assertThat(correction.getTags()).containsExactly("x", "y");
    assertThat(correction.getPrivileged().getIds())
        .containsExactly(FeatureIds.of("item.category", "k"));
  }

  @Test
  void unknownVersionsOtherSchemasAndTrailingBytesAreRejected() {
    byte[] good = record();
    byte[] version = good.clone();
    version[0] = 1;
    byte[] schema = good.clone();
    schema[1]++;
    assertThatThrownBy(() -> wake(version))
        .isInstanceOf(RecordFormatException.class)
        .hasMessageContaining("unknown version 1");
    assertThatThrownBy(() -> wake(schema))
        .isInstanceOf(RecordFormatException.class)
        .hasMessageContaining("features.*");
    assertThatThrownBy(() -> wake(Arrays.copyOf(good, good.length + 1)))
        .isInstanceOf(RecordFormatException.class)
        .hasMessageContaining("1 bytes are left over");
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> wake(cut)).isInstanceOf(RecordFormatException.class);
    }
  }

  @Test
  void aTransitionLeavesTheBytesItWasGivenAlone() {
    byte[] given = record();
    byte[] before = given.clone();
    UserTable table = new UserTable(config(), sample -> {});
    table.records().put("u", given);
    table.put(labelled("b", T + 700_000, Emission.STAY, T + 705_000, "stay", 9_000));
    table.advanceTo(T + 900_000);
    assertThat(given).isEqualTo(before);
  }

  private static void wake(byte[] bytes) {
    UserTable table = new UserTable(config(), sample -> {});
    StayBins stayBins = StayBins.configured(config().labels().stays().edges());
    new FeatureTransition(config(), stayBins, table).wake("u", bytes, 0, T, false, table);
  }

  /**
   * A record with something in every section: committed, pending, open, and an impression beside.
   */
  private static UserTable table() {
    UserTable table = new UserTable(config(), sample -> {});
    table.put(new UserFact("u", new User("u", T - 9, Map.of("city", "c"))));
    table.put(shown("a", T, "x", "y"));
    table.put(labelled("a", T, Emission.CLICK, T + 1_000, "click", 1));
    table.put(labelled("a", T, Emission.STAY, T + 9_000, "stay", 8_000));
    table.advanceTo(T + 10_000);
    table.put(labelled("a", T, Emission.WINDOW_CLOSE, T + 600_000, "conversion", 0));
    table.advanceTo(T + 650_000);
    table.put(shown("b", T + 700_000, "x", "ß"));
    table.put(labelled("b", T + 700_000, Emission.STAY, T + 710_000, "stay", 500));
    table.put(new UserFact("u", new User("u", T + 900_000, Map.of("city", "d"))));
    return table;
  }

  private static byte[] record() {
    return table().records().get("u");
  }

  private static FeaturesConfig config() {
    return SampleCheck.config();
  }

  private static UserFact shown(String id, long time, String... tags) {
    Map<String, String> phone = Map.of("device", "phone");
    Map<String, String> privileged = Map.of("category", "k");
    return Facts.fact(Facts.opened(id, time, "feed", phone, List.of(tags), privileged));
  }

  private static UserFact labelled(
      String id, long shownAt, Emission emission, long at, String task, double value) {
    return Facts.fact(Facts.label(id, shownAt, emission, at, task, value));
  }

  private static String golden(String file) throws IOException {
    try (InputStream in = UserRecordGoldenTest.class.getResourceAsStream(file)) {
      assertThat(in).as(file).isNotNull();
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
          .replaceAll("\\s", "");
    }
  }
}
