package io.tagstream.learner.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A safetensors file opened for reading; tensors are read when asked for. */
public final class SafetensorsFile implements Closeable {

  private static final int MAX_HEADER_BYTES = 100_000_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileChannel channel;
  private final long dataStart;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private record Entry(Tensor.Type type, List<Long> shape, long begin, long end) {}

  private SafetensorsFile(Path file, FileChannel channel) throws IOException {
    this.channel = channel;
    long length = little(read(0, Long.BYTES)).getLong();
    if (length < 2 || length > Math.min(MAX_HEADER_BYTES, channel.size() - Long.BYTES)) {
      throw new IOException(file + ": header of " + length + " bytes - no safetensors file");
    }
    this.dataStart = Long.BYTES + length;
    JsonNode header = JSON.readTree(read(Long.BYTES, (int) length));
    long expected = 0;
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (field.getKey().equals("__metadata__")) {
        field.getValue().properties().forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
        continue;
      }
      Entry entry = entry(file, field.getKey(), field.getValue());
      entries.put(field.getKey(), entry);
      expected = Math.max(expected, entry.end);
    }
    if (dataStart + expected != channel.size()) {
      throw new IOException(
          String.format(
              "%s: %d bytes - its header speaks of %d",
              file, channel.size(), dataStart + expected));
    }
  }

  /**
   * Opens a file and checks its header against its length.
   *
   * @throws IOException when it is no safetensors file, or cut off
   */
  public static SafetensorsFile open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new SafetensorsFile(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Entry entry(Path file, String name, JsonNode node) throws IOException {
    List<Long> shape = new ArrayList<>();
    node.path("shape").forEach(size -> shape.add(size.asLong()));
    long begin = node.path("data_offsets").path(0).asLong(-1);
    long end = node.path("data_offsets").path(1).asLong(-1);
    try {
      Tensor.Type type = Tensor.Type.valueOf(node.path("dtype").asText());
      Tensor tensor = new Tensor(name, type, shape, out -> {});
      if (begin >= 0 && end - begin == tensor.bytes()) {
        return new Entry(type, shape, begin, end);
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": tensor " + name + " - " + node, e);
    }
    throw new IOException(file + ": tensor " + name + " - " + node + " does not add up");
  }

  /** Free text by name. */
  public Map<String, String> metadata() {
    return Map.copyOf(metadata);
  }

  /** Names of the tensors, in the file's order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /** Shape of a tensor. */
  public List<Long> shape(String name) {
    return entry(name, null).shape;
  }

  /** Elements of a tensor of type F32. */
  public float[] floats(String name) throws IOException {
    byte[] bytes = bytes(entry(name, Tensor.Type.F32));
    float[] out = new float[bytes.length / Float.BYTES];
    little(bytes).asFloatBuffer().get(out);
    return out;
  }

  /** Elements of a tensor of type I64. */
  public long[] longs(String name) throws IOException {
    byte[] bytes = bytes(entry(name, Tensor.Type.I64));
    long[] out = new long[bytes.length / Long.BYTES];
    little(bytes).asLongBuffer().get(out);
    return out;
  }

  /** Elements of a tensor of type U8. */
  public byte[] bytes(String name) throws IOException {
    return bytes(entry(name, Tensor.Type.U8));
  }

  private Entry entry(String name, Tensor.@Nullable Type type) {
    Entry entry = entries.get(name);
    if (entry == null || (type != null && entry.type != type)) {
      throw new IllegalArgumentException(
          "tensor " + name + (entry == null ? ": not in the file" : ": is of type " + entry.type));
    }
    return entry;
  }

  private byte[] bytes(Entry entry) throws IOException {
    return read(dataStart + entry.begin, Math.toIntExact(entry.end - entry.begin));
  }

  private byte[] read(long from, int length) throws IOException {
    byte[] bytes = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new EOFException("the file ends at " + channel.size());
      }
    }
    return bytes;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
