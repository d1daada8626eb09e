package io.tagstream.subscriber;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** Reading of stored bytes: a layout version first, and nothing behind the last field. */
final class Layout {

  private Layout() {}

  /**
   * What the bytes say.
   *
   * @param what the name of what is stored, for messages
   * @param version the one layout that this release reads
   * @param fields reads all fields behind the version
   * @throws IllegalStateException when the version is unknown, bytes are missing or left over
   */
  static <T> T read(String what, int version, byte[] bytes, Function<ByteBuffer, T> fields) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      int found = Byte.toUnsignedInt(buffer.get());
      if (found != version) {
        throw new IllegalStateException(
            "%s: layout %d - this release reads %d; use the release that wrote it, or an empty directory"
                .formatted(what, found, version));
      }
      T value = fields.apply(buffer);
      if (buffer.hasRemaining()) {
        throw new IllegalStateException(
            "%s: %d bytes left over behind layout %d".formatted(what, buffer.remaining(), version));
      }
      return value;
    } catch (BufferUnderflowException e) {
      throw new IllegalStateException(
          "%s: %d bytes end before the layout does".formatted(what, bytes.length), e);
    }
  }

  /** The next so many bytes; a size that cannot be is missing bytes. */
  static byte[] bytes(ByteBuffer buffer, int size) {
    if (size < 0 || size > buffer.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[size];
    buffer.get(bytes);
    return bytes;
  }
}
