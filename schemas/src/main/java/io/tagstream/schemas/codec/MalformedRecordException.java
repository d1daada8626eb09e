package io.tagstream.schemas.codec;

/** Bytes that are no record; the message says why, for the dead letter. */
public final class MalformedRecordException extends Exception {

  /** Bytes refused by a rule of the format. */
  public MalformedRecordException(String message) {
    super(message);
  }

  /** Bytes refused by the decoder. */
  public MalformedRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
