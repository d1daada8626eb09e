package io.tagstream.learner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotWriterTest {

  @TempDir Path folder;

  @Test
  void tensorsComeBackBitForBit() throws IOException {
    Path file = folder.resolve("a.safetensors");
    float[] floats = {1.5f, -0f, Float.MIN_VALUE, Float.NaN, 3, 4};
    long[] longs = {Long.MIN_VALUE, -1, 0};
    SafetensorsWriter.write(
        file,
        Map.of("model", "mvke"),
        List.of(
            Tensor.of("dense/w", floats, 2, 3),
            Tensor.of("ids", longs, 3),
            Tensor.of("vocabulary", "ä".getBytes(StandardCharsets.UTF_8)),
            Tensor.of("nothing", new float[0], 0, 4)));
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.names()).containsExactly("dense/w", "ids", "vocabulary", "nothing");
      assertThat(read.shape("dense/w")).containsExactly(2L, 3L);
      assertThat(read.floats("dense/w")).isEqualTo(floats);
      assertThat(Float.floatToRawIntBits(read.floats("dense/w")[1])).isEqualTo(0x80000000);
      assertThat(read.longs("ids")).isEqualTo(longs);
      assertThat(new String(read.bytes("vocabulary"), StandardCharsets.UTF_8)).isEqualTo("ä");
      assertThat(read.floats("nothing")).isEmpty();
      assertThat(read.metadata()).containsEntry("model", "mvke");
      assertThatThrownBy(() -> read.floats("ids")).hasMessageContaining("is of type I64");
      assertThatThrownBy(() -> read.floats("other")).hasMessageContaining("not in the file");
    }
  }

  @Test
  void layoutOfTheFormat() throws IOException {
    Path file = folder.resolve("a.safetensors");
    SafetensorsWriter.write(file, Map.of(), List.of(Tensor.of("w", new float[] {1}, 1)));
    String header =
        "{\"__metadata__\":{},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    String padded = header + " ".repeat(Math.floorMod(-header.length(), 8));
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(file)))
        .isEqualTo(
            String.format("%02x", padded.length())
                + "00000000000000"
                + HexFormat.of().formatHex(padded.getBytes(StandardCharsets.UTF_8))
                + "0000803f");
  }

  @Test
  void brokenFilesAreRefused() throws IOException {
    Path file = folder.resolve("a.safetensors");
    SafetensorsWriter.write(file, Map.of(), List.of(Tensor.of("w", new float[] {1}, 1)));
    byte[] good = Files.readAllBytes(file);
    byte[] huge = good.clone();
    huge[6] = 1;
    for (byte[] bad :
        List.of(
            new byte[0],
            huge,
            Arrays.copyOf(good, good.length - 1),
            Arrays.copyOf(good, good.length + 1))) {
      Files.write(file, bad);
      assertThatThrownBy(() -> SafetensorsFile.open(file)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void tensorThatWritesTooLittleIsRefused() {
    Tensor lying = Tensor.of("w", new float[] {1}, 2);
    assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("a"), Map.of(), List.of(lying)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tensor w: wrote 4 bytes");
    Tensor one = Tensor.of("w", new float[] {1}, 1);
    assertThatThrownBy(
            () -> SafetensorsWriter.write(folder.resolve("a"), Map.of(), List.of(one, one)))
        .hasMessageContaining("named twice");
  }

  @Test
  void snapshotAppearsWholeOrNotAtAll() throws IOException {
    SnapshotWriter writer = new SnapshotWriter(folder.resolve("snapshots"));
    SnapshotManifest manifest =
        new SnapshotManifest("mvke", 12, 99, List.of("click", "stay"), "abcd", "");
    Path written = writer.write("mvke-12", manifest, List.of(Tensor.of("w", new float[] {1}, 1)));
    SnapshotManifest read = SnapshotManifest.read(written);
    assertThat(read.model()).isEqualTo("mvke");
    assertThat(read.step()).isEqualTo(12);
    assertThat(read.tasks()).containsExactly("click", "stay");
    assertThat(read.digest()).isEqualTo("abcd");
    assertThat(read.fileDigest()).hasSize(64);

    // the same step again, after a restore: the newer one stands
    writer.write("mvke-12", manifest, List.of(Tensor.of("w", new float[] {2}, 1)));
    try (SafetensorsFile file = SafetensorsFile.open(written.resolve(SnapshotManifest.TENSORS))) {
      assertThat(file.floats("w")).containsExactly(2);
    }

    Tensor failing =
        new Tensor(
            "w",
            Tensor.Type.U8,
            List.of(1L),
            out -> {
              throw new IOException("disk full");
            });
    assertThatThrownBy(() -> writer.write("mvke-13", manifest, List.of(failing)))
        .hasMessageContaining("disk full");
    try (Stream<Path> folders = Files.list(folder.resolve("snapshots"))) {
      assertThat(folders).containsExactly(written);
    }
    SnapshotWriter.delete(written);
    SnapshotWriter.delete(written);
    assertThat(written).doesNotExist();
  }

  @Test
  void intervalMustBePositive() {
    assertThat(SnapshotConfig.defaults().enabled()).isFalse();
    assertThatThrownBy(() -> new SnapshotConfig("x", java.time.Duration.ZERO))
        .hasMessageContaining("snapshots.interval: PT0S");
  }
}
