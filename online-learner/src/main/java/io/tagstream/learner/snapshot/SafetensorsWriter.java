package io.tagstream.learner.snapshot;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the safetensors format: the header's length (8 bytes, little-endian), a JSON header with
 * type, shape and data offsets of each tensor, padded with spaces to 8 bytes, then the elements.
 */
public final class SafetensorsWriter {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes a file and forces it to disk.
   *
   * @param file to be created
   * @param metadata free text by name
   * @param tensors in the order they lie in the file; names must differ
   * @return SHA-256 of the file, lower-case hex
   * @throws IOException when it cannot be written, or a tensor writes another number of bytes than
   *     its shape says
   */
  public static String write(Path file, Map<String, String> metadata, List<Tensor> tensors)
      throws IOException {
    MessageDigest sha = Sha256.create();
    try (DurableOutput durable = new DurableOutput(file);
        OutputStream out =
            new DigestOutputStream(new BufferedOutputStream(durable, 1 << 16), sha)) {
      byte[] header = header(metadata, tensors);
      out.write(
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(header.length)
              .array());
      out.write(header);
      for (Tensor tensor : tensors) {
        Counting counting = new Counting(out);
        tensor.content().writeTo(counting);
        if (counting.bytes != tensor.bytes()) {
          throw new IOException(
              String.format(
                  "tensor %s: wrote %d bytes - %s of shape %s takes %d",
                  tensor.name(), counting.bytes, tensor.type(), tensor.shape(), tensor.bytes()));
        }
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static byte[] header(Map<String, String> metadata, List<Tensor> tensors)
      throws IOException {
    ObjectNode header = JSON.createObjectNode();
    ObjectNode text = header.putObject("__metadata__");
    new TreeMap<>(metadata).forEach(text::put);
    long offset = 0;
    for (Tensor tensor : tensors) {
      if (header.has(tensor.name())) {
        throw new IllegalArgumentException("tensor " + tensor.name() + ": named twice");
      }
      ObjectNode node = header.putObject(tensor.name()).put("dtype", tensor.type().name());
      ArrayNode shape = node.putArray("shape");
      tensor.shape().forEach(shape::add);
      long end = Math.addExact(offset, tensor.bytes());
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String json = JSON.writeValueAsString(header);
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    return (json + " ".repeat(Math.floorMod(-length, ALIGNMENT))).getBytes(StandardCharsets.UTF_8);
  }

  private static final class Counting extends FilterOutputStream {
    long bytes;

    Counting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      bytes++;
    }

    @Override
    public void write(byte[] b, int offset, int length) throws IOException {
      out.write(b, offset, length);
      bytes += length;
    }
  }
}
