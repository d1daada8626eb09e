package io.tagstream.profile.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.profile.ProfileCause;
import io.tagstream.profile.ProfileContent;
import io.tagstream.profile.ScoredTag;
import io.tagstream.profile.StageValue;
import io.tagstream.profile.TaskRanking;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserProfileStateCodecTest {

  private static final List<TaskRanking> RANKINGS =
      List.of(
          new TaskRanking(
              "click", List.of(new ScoredTag("jazz", 0.75f), new ScoredTag("música", 0.5f))),
          new TaskRanking("stay", List.of()));

  static final UserProfileState FULL =
      new UserProfileState(
          0x0123_4567_89AB_CDEFL,
          new UserProfileState.Published(1_735_689_600_000L, -2L, RANKINGS),
          new UserProfileState.Pending(
              1_735_689_601_000L,
              new ProfileContent(
                  1_735_000_000_000L,
                  "mvke",
                  42L,
                  "WANDER",
                  List.of(
                      new StageValue("click", 1.5, 2.5, 3, 0.25f),
                      new StageValue("stay", 1, 1, 0, null)),
                  RANKINGS)),
          List.of(
              new ProfileCause("CLICK", "i1", "v".repeat(200), List.of("jazz", "música"), 7L, 8L)));

  private final UserProfileStateCodec codec = new UserProfileStateCodec();

  @Test
  void comesBackAsItWas() {
    assertThat(codec.decode(codec.encode(FULL))).isEqualTo(FULL);
    assertThat(codec.decode(codec.encode(UserProfileState.EMPTY)))
        .isEqualTo(UserProfileState.EMPTY);
  }

  @Test
  void layoutOneStaysAsItIs() throws IOException {
    byte[] golden = HexFormat.of().parseHex(read("/profile-state-v1.hex"));
    assertThat(HexFormat.of().formatHex(codec.encode(FULL)))
        .isEqualTo(HexFormat.of().formatHex(golden));
    assertThat(codec.decode(golden)).isEqualTo(FULL);
  }

  @Test
  void aTombstoneTakesElevenBytes() {
    assertThat(codec.encode(new UserProfileState(9, null, null, List.of()))).hasSize(11);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    byte[] bytes = codec.encode(FULL);
    byte[] newer = bytes.clone();
    newer[0] = 2;
    assertThatThrownBy(() -> codec.decode(newer))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("layout 2");
    byte[] flags = bytes.clone();
    flags[9] = 4;
    assertThatThrownBy(() -> codec.decode(flags)).hasMessageContaining("unknown flags 4");
    assertThatThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .hasMessageContaining("1 bytes left over");
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] bytes = codec.encode(FULL);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(IllegalStateException.class);
    }
  }

  private static String read(String resource) throws IOException {
    try (InputStream in = UserProfileStateCodecTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
  }
}
