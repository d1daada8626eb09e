package io.tagstream.ingestion.decode.format;

import io.tagstream.schemas.DeadLetterReason;

/**
 * A value that no record can be made of; the message names what was found and what would do. It
 * says something of data, not of code: there is no stack trace.
 */
public final class UnreadableRecordException extends Exception {

  private final DeadLetterReason reason;

  /** A value refused for a reason. */
  public UnreadableRecordException(DeadLetterReason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** A value refused for a reason, by somebody else. */
  public UnreadableRecordException(DeadLetterReason reason, Exception cause) {
    super(cause.getMessage(), cause, false, false);
    this.reason = reason;
  }

  /** The published reason. */
  public DeadLetterReason reason() {
    return reason;
  }
}
