package io.tagstream.features.bytes;

/** Bytes that are not the packed record they should be; the message says where and why. */
public final class RecordFormatException extends RuntimeException {

  /**
   * With a message for people.
   *
   * @param message what was found, what was expected, what to do
   */
  public RecordFormatException(String message) {
    super(message);
  }
}
