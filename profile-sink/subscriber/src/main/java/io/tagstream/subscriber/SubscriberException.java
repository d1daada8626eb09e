package io.tagstream.subscriber;

/**
 * A subscriber cannot start or go on. The message names the setting or the record, and what to do.
 */
public final class SubscriberException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SubscriberException(String message) {
    super(message);
  }

  SubscriberException(String message, Throwable cause) {
    super(message, cause);
  }
}
