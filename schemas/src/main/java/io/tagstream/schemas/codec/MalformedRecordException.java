package io.tagstream.schemas.codec;

/**
 * Bytes that are no record; the message says why, for the dead letter. It says something of data,
 * not of code: there is no stack trace.
 */
public final class MalformedRecordException extends Exception {

  /** Bytes refused by a rule of the format. */
  public MalformedRecordException(String message) {
    super(message, null, false, false);
  }

  /** Bytes refused by the decoder. */
  public MalformedRecordException(String message, Throwable cause) {
    super(message, cause, false, false);
  }
}
