package io.tagstream.learner.snapshot;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A named tensor to be written.
 *
 * @param name unique in its file
 * @param type element type
 * @param shape dimensions, outermost first
 * @param content writes the elements, row-major, little-endian
 */
public record Tensor(String name, Type type, List<Long> shape, Content content) {

  /** Element types, by their safetensors names. */
  public enum Type {
    F32(Float.BYTES),
    F64(Double.BYTES),
    I32(Integer.BYTES),
    I64(Long.BYTES),
    U8(1);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
      return bytes;
    }
  }

  /** Writes a tensor's elements. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  public Tensor {
    shape = List.copyOf(shape);
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("tensor " + name + ": shape " + shape + " - negative");
      }
    }
  }

  /** Bytes of all elements. */
  public long bytes() {
    long elements = 1;
    for (long size : shape) {
      elements = Math.multiplyExact(elements, size);
    }
    return Math.multiplyExact(elements, type.bytes());
  }

  /** A tensor of floats, which are not copied. */
  public static Tensor of(String name, float[] values, long... shape) {
    return new Tensor(
        name,
        Type.F32,
        boxed(shape),
        out -> {
          byte[] bytes = new byte[values.length * Float.BYTES];
          ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
          out.write(bytes);
        });
  }

  /** A tensor of longs, which are not copied. */
  public static Tensor of(String name, long[] values, long... shape) {
    return new Tensor(
        name,
        Type.I64,
        boxed(shape),
        out -> {
          byte[] bytes = new byte[values.length * Long.BYTES];
          ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
          out.write(bytes);
        });
  }

  /** A tensor of bytes, which are not copied. */
  public static Tensor of(String name, byte[] values) {
    return new Tensor(name, Type.U8, List.of((long) values.length), out -> out.write(values));
  }

  private static List<Long> boxed(long[] shape) {
    return Arrays.stream(shape).boxed().toList();
  }
}
