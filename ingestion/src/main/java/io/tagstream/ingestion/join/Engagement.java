package io.tagstream.ingestion.join;

import java.util.Comparator;

/**
 * A click, stay or conversion.
 *
 * @param kind which of them
 * @param impressionId the impression it belongs to
 * @param timeMillis its event time, positive
 * @param stayMillis length of a stay; 0 for the others
 * @param conversionType kind of conversion; empty for the others
 * @param worth value of a conversion; 0 for the others
 * @param source where it came from; not part of its content
 */
public record Engagement(
    Kind kind,
    String impressionId,
    long timeMillis,
    long stayMillis,
    String conversionType,
    double worth,
    RecordSource source) {

  /** The order that engagements of one impression are taken in when several are at hand. */
  static final Comparator<Engagement> ORDER =
      Comparator.comparingLong(Engagement::timeMillis)
          .thenComparing(Engagement::kind)
          .thenComparingLong(Engagement::stayMillis)
          .thenComparing(Engagement::conversionType)
          .thenComparingDouble(Engagement::worth);

  /** What a user did with an impression. Codes are written into state and never change. */
  public enum Kind {
    CLICK(1),
    STAY(2),
    CONVERSION(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** A click. */
  public static Engagement click(String impressionId, long timeMillis, RecordSource source) {
    return new Engagement(Kind.CLICK, impressionId, timeMillis, 0, "", 0, source);
  }

  /** A stay of so many milliseconds. */
  public static Engagement stay(
      String impressionId, long timeMillis, long stayMillis, RecordSource source) {
    return new Engagement(Kind.STAY, impressionId, timeMillis, stayMillis, "", 0, source);
  }

  /** A conversion of a type. */
  public static Engagement conversion(
      String impressionId, long timeMillis, String type, double worth, RecordSource source) {
    return new Engagement(Kind.CONVERSION, impressionId, timeMillis, 0, type, worth, source);
  }

  /** Whether the other one says the same, wherever it came from. */
  boolean repeats(Engagement other) {
    return impressionId.equals(other.impressionId) && ORDER.compare(this, other) == 0;
  }
}
