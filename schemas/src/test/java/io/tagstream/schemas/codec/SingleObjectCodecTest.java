package io.tagstream.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.schemas.Click;
import io.tagstream.schemas.Stay;
import java.util.Arrays;
import java.util.Random;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;

class SingleObjectCodecTest {

  private final SingleObjectCodec<Click> codec = new SingleObjectCodec<>(Click.class);
  private final Click click = new Click("u1", "i1", 1_700_000_000_000L);

  @Test
  void writesWhatAvrosOwnEncoderWrites() throws Exception {
    byte[] theirs =
        bytes(
            new BinaryMessageEncoder<Click>(
                    SpecificData.getForClass(Click.class), Click.getClassSchema())
                .encode(click));
    assertThat(codec.encode(click)).isEqualTo(theirs);
    assertThat(codec.decode(theirs)).isEqualTo(click);
  }

  @Test
  void namesWhatIsWrong() {
    byte[] good = codec.encode(click);
    assertThatThrownBy(() -> codec.decode(new byte[3])).hasMessageContaining("3 bytes");
    assertThatThrownBy(
            () ->
                codec.decode(
                    "{\"userId\":\"u1\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .hasMessageContaining("C301");
    assertThatThrownBy(
            () ->
                codec.decode(
                    new SingleObjectCodec<>(Stay.class).encode(new Stay("u", "i", 1L, 2L))))
        .hasMessageContaining("unknown schema");
    assertThatThrownBy(() -> codec.decode(Arrays.copyOf(good, good.length - 1)))
        .hasMessageContaining("no Click");
    assertThatThrownBy(() -> codec.decode(Arrays.copyOf(good, good.length + 1)))
        .hasMessageContaining("left over");
  }

  @Test
  void anyMutationIsARecordOrMalformedNeverAnotherError() {
    long seed = 20260101L;
    Random random = new Random(seed);
    byte[] good = codec.encode(click);
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = Arrays.copyOf(good, 10 + random.nextInt(good.length));
      for (int m = random.nextInt(4); m > 0; m--) {
        bytes[10 + random.nextInt(Math.max(1, bytes.length - 10)) - (bytes.length == 10 ? 1 : 0)] =
            (byte) random.nextInt();
      }
      try {
        assertThat(codec.decode(bytes)).as("seed %d, mutation %d", seed, i).isNotNull();
      } catch (MalformedRecordException e) {
        assertThat(e).hasMessageNotContaining("null null");
      }
    }
  }

  private static byte[] bytes(java.nio.ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Test
  void noValueHoldsNoRecord() {
    assertThatThrownBy(() -> new SingleObjectCodec<>(Click.class).decode(null))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessage("has no value");
  }
}
