package io.tagstream.ingestion.decode;

import io.tagstream.schemas.DeadLetterReason;

/**
 * A rule that a record breaks.
 *
 * @param reason the reason's code
 * @param detail field, value and rule, for people
 */
record Violation(DeadLetterReason reason, String detail) {

  private static final int LONGEST_VALUE = 200;

  /** A violation whose detail reads {@code field: value - rule}. */
  static Violation of(DeadLetterReason reason, String field, Object value, String rule) {
    return new Violation(reason, field + ": " + shortened(String.valueOf(value)) + " - " + rule);
  }

  private static String shortened(String value) {
    return value.length() <= LONGEST_VALUE
        ? value
        : value.substring(0, LONGEST_VALUE) + "… (" + value.length() + " characters)";
  }
}
