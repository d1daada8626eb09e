package io.tagstream.ingestion.packed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PackedTest {

  @Property(seed = "42")
  void whatIsWrittenIsRead(@ForAll long number, @ForAll String text, @ForAll byte one) {
    byte[] bytes =
        new PackedWriter()
            .writeSigned(number)
            .writeUnsigned(number & Long.MAX_VALUE)
            .writeFixed(number)
            .writeText(text)
            .writeByte(one)
            .toBytes();
    PackedReader in = new PackedReader("test", bytes);
    assertThat(in.readSigned()).isEqualTo(number);
    assertThat(in.readUnsigned()).isEqualTo(number & Long.MAX_VALUE);
    assertThat(in.readFixed()).isEqualTo(number);
    // Half a surrogate pair has no UTF-8; it is written as a question mark, as Avro does.
    assertThat(in.readText())
        .isEqualTo(
            new String(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                java.nio.charset.StandardCharsets.UTF_8));
    assertThat(in.readByte()).isEqualTo(one & 0xFF);
    in.expectEnd();
  }

  @Test
  void bytesAreThese() {
    byte[] bytes =
        new PackedWriter()
            .writeUnsigned(300)
            .writeSigned(-1)
            .writeSigned(Long.MIN_VALUE)
            .writeFixed(1)
            .writeText("é")
            .toBytes();
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("ac02" + "01" + "ffffffffffffffffff01" + "0100000000000000" + "02c3a9");
  }

  @Test
  void namesWhatIsDamaged() {
    assertThatThrownBy(() -> new PackedReader("state x", new byte[0]).readByte())
        .hasMessageContaining("state x")
        .hasMessageContaining("ends too early");
    byte[] endless = HexFormat.of().parseHex("ffffffffffffffffffff01");
    assertThatThrownBy(() -> new PackedReader("x", endless).readSigned())
        .hasMessageContaining("64 bits");
    byte[] negative = HexFormat.of().parseHex("ffffffffffffffffff01");
    assertThatThrownBy(() -> new PackedReader("x", negative).readUnsigned())
        .hasMessageContaining("63 bits");
    assertThatThrownBy(() -> new PackedReader("x", new byte[] {9, 1}).readText())
        .hasMessageContaining("counts 9");
    assertThatThrownBy(() -> new PackedReader("x", new byte[] {9}).expectEnd())
        .hasMessageContaining("1 trailing");
    assertThatThrownBy(() -> new PackedWriter().writeUnsigned(-1)).hasMessageContaining("-1");
  }
}
