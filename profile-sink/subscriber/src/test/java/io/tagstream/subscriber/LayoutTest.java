package io.tagstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.subscriber.ProfileVerdict.Mark;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Stored bytes, each layout held by a golden file. */
class LayoutTest {

  private static final StoredProfile KEPT =
      new StoredProfile(
          3, 2, new Mark(0x0102030405060708L, -1), 1_700_000_000_000L, new byte[] {7});

  static Stream<Arguments> layouts() {
    PartitionProgress progress = new PartitionProgress(1_000, 2, 1_500, 1_700_000_000_000L);
    StoreIdentity identity =
        new StoreIdentity(new Uuid(1, 2), 0x0a0b, StartFrom.NOW, "user-tag-profiles");
    return Stream.of(
        layout("stored-profile-v1", KEPT.encode(), bytes -> StoredProfile.decode(bytes).encode()),
        layout(
            "partition-progress-v1",
            progress.encode(),
            bytes -> PartitionProgress.decode(bytes).encode()),
        layout(
            "store-identity-v1", identity.encode(), bytes -> StoreIdentity.decode(bytes).encode()));
  }

  private static Arguments layout(String name, byte[] bytes, Function<byte[], byte[]> again) {
    return Arguments.of(name, bytes, again);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layouts")
  void isTheGoldenOne(String name, byte[] bytes, Function<byte[], byte[]> again) throws Exception {
    String golden;
    try (InputStream file = getClass().getResourceAsStream("/" + name + ".hex")) {
      golden = new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(golden);
    assertThat(again.apply(HexFormat.of().parseHex(golden))).isEqualTo(bytes);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layouts")
  void refusesOtherVersionsMissingAndTrailingBytes(
      String name, byte[] bytes, Function<byte[], byte[]> again) {
    byte[] other = bytes.clone();
    other[0] = 2;
    assertThatThrownBy(() -> again.apply(other))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("layout 2 - this release reads 1");
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> again.apply(longer))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("1 bytes left over");
    for (int size = 0; size < bytes.length; size++) {
      byte[] shorter = Arrays.copyOf(bytes, size);
      assertThatThrownBy(() -> again.apply(shorter))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(size + " bytes end before the layout does");
    }
  }

  @Test
  void anUnknownStartIsRefused() {
    assertThatThrownBy(() -> StartFrom.of(3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("3");
  }
}
