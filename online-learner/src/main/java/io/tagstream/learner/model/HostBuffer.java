package io.tagstream.learner.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A direct buffer that grows and is reused: the way of arrays to tensors. */
public final class HostBuffer {

  private ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.nativeOrder());

  /** The buffer with the first values of an array, valid until the next call. */
  ByteBuffer filled(float[] values, int count) {
    int size = Math.multiplyExact(count, Float.BYTES);
    if (bytes.capacity() < size) {
      bytes = ByteBuffer.allocateDirect(size + size / 2).order(ByteOrder.nativeOrder());
    }
    bytes.clear().limit(size);
    bytes.asFloatBuffer().put(values, 0, count);
    return bytes;
  }
}
