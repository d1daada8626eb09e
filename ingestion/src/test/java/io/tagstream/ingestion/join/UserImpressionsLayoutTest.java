package io.tagstream.ingestion.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.ingestion.ConversionSpace;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The packed record's bytes: what was written once must be readable for ever. */
class UserImpressionsLayoutTest {

  /** One of everything: open, clicked and closed, remembered, corrected, three that wait. */
  private static UserImpressions everything(MapKeptImpressions kept) {
    LabelJoin join = new LabelJoin(JoinScenario.rules(ConversionSpace.ALL), kept);
    UserImpressions user = new UserImpressions();
    long t = JoinScenario.START;
    RecordSource source = new RecordSource("conversions", 5, 123_456_789L, t + 77);
    join.forget(user, t - 1_000_000, t - 900_000);
    join.show(user, new Shown("clicked-ü", t, 0x0123_4567_89AB_CDEFL), t - 1);
    join.engage(user, Engagement.click("clicked-ü", t + 1, source), t + 2);
    join.engage(user, Engagement.stay("clicked-ü", t + 3, 4321, source), t - 1);
    join.engage(user, Engagement.conversion("clicked-ü", t + 4, "like", 2, source), t - 1);
    join.show(user, new Shown("ignored", t + 5, -2), t - 1);
    join.advance(user, t + 600_005);
    join.engage(user, Engagement.conversion("clicked-ü", t + 600_010, "purchase", 2, source), t);
    join.show(user, new Shown("open", t + 600_020, 3), t + 600_019);
    join.engage(user, Engagement.click("later", t + 600_021, source), t + 600_019);
    join.engage(user, Engagement.stay("later", t + 600_021, 9, source), t + 600_022);
    join.engage(
        user, Engagement.conversion("later", t + 600_021, "like", -0.5, source), t + 600_019);
    user.armTimer(t + 1_200_000);
    return user;
  }

  private static byte[] golden(String name) throws Exception {
    try (InputStream in =
        UserImpressionsLayoutTest.class.getResourceAsStream("/golden/" + name + ".hex")) {
      String hex =
          new String(
              Objects.requireNonNull(in).readAllBytes(),
              java.nio.charset.StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void writesTheGoldenBytes() throws Exception {
    MapKeptImpressions kept = new MapKeptImpressions();
    assertThat(hex(everything(kept).encode())).isEqualTo(hex(golden("user-impressions-v2")));
    assertThat(hex(kept.get("clicked-ü"))).isEqualTo(hex(golden("kept-impression-v1")));
  }

  @Test
  void readsTheGoldenBytes() throws Exception {
    UserImpressions user = UserImpressions.decode(golden("user-impressions-v2"));
    assertThat(user.encode()).isEqualTo(golden("user-impressions-v2"));
    assertThat(user.kept).isEqualTo(1);
    check(user);
    check(UserImpressions.unpack(golden("kept-impression-v1")));
  }

  private static void check(UserImpressions user) {
    assertThat(user.timerMillis()).isEqualTo(JoinScenario.START + 1_200_000);
    assertThat(user.forgottenUntilMillis).isEqualTo(JoinScenario.START - 1_000_000);
    assertThat(user.open()).isEqualTo(4);
    assertThat(user.waiting.get(1).late()).isTrue();
    assertThat(user.waiting.get(2).engagement().worth()).isEqualTo(-0.5);
    assertThat(user.waiting.get(2).engagement().source().offset()).isEqualTo(123_456_789L);
  }

  private static void check(OpenImpression clicked) {
    assertThat(clicked.contentDigest).isEqualTo(0x0123_4567_89AB_CDEFL);
    assertThat(clicked.clickMillis).isEqualTo(JoinScenario.START + 1);
    assertThat(clicked.clickLate).isTrue();
    assertThat(clicked.stayMillis).isEqualTo(4321);
    assertThat(clicked.conversions)
        .containsExactly(
            new OpenImpression.FirstConversion("like", JoinScenario.START + 4, false, false),
            new OpenImpression.FirstConversion(
                "purchase", JoinScenario.START + 600_010, false, true));
  }

  @Test
  void refusesOtherVersionsTrailingAndMissingBytes() {
    byte[] good = everything(new MapKeptImpressions()).encode();
    byte[] other = good.clone();
    other[0] = 1;
    assertThatThrownBy(() -> UserImpressions.decode(other))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("layout version 1")
        .hasMessageContaining("version 2");
    assertThatThrownBy(() -> UserImpressions.decode(Arrays.copyOf(good, good.length + 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("1 trailing bytes");
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> UserImpressions.decode(cut))
          .as("cut to %d bytes", length)
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void damagedBytesAreAnErrorThatSaysSoOrAnotherState() {
    long seed = 4711;
    Random random = new Random(seed);
    byte[] good = everything(new MapKeptImpressions()).encode();
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = good.clone();
      for (int m = 1 + random.nextInt(4); m > 0; m--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(UserImpressions.decode(bytes)).isNotNull();
      } catch (IllegalStateException | ArithmeticException e) {
        assertThat(e).as("seed %d, mutation %d", seed, i).hasMessageMatching("(?s).+");
      }
    }
  }

  @Test
  void nothingKeptIsNoBytes() {
    assertThat(new UserImpressions().encode()).isNull();
    assertThat(UserImpressions.decode(null).isEmpty()).isTrue();
  }
}
