package io.tagstream.ingestion.decode.mapping;

/**
 * A record from which no canonical one can be made; the message names field, value and rule. It
 * says something of data, not of code: there is no stack trace.
 */
public final class UnmappableRecordException extends Exception {

  private static final int LONGEST_VALUE = 200;

  private UnmappableRecordException(String message) {
    super(message, null, false, false);
  }

  /** Reads {@code field: value - rule}. */
  static UnmappableRecordException of(String field, String value, String rule) {
    String shown =
        value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "…";
    return new UnmappableRecordException(field + ": " + shown + " - " + rule);
  }
}
