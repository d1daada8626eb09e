package io.tagstream.ingestion.join;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One impression and what is known of it. Mutable; belongs to one {@link UserImpressions}. */
final class OpenImpression {

  /** Stands for a time that is not known; event times are positive. */
  static final long NONE = 0;

  final String id;
  final long timeMillis;
  final long contentDigest;

  /** The label window has closed: negatives are out. */
  boolean closed;

  /** The first click. */
  long clickMillis = NONE;

  boolean clickLate;

  /** The first stay, by (time, length). */
  long stayedAtMillis = NONE;

  long stayMillis;
  boolean stayLate;

  /** The first conversion of each type. */
  final List<FirstConversion> conversions = new ArrayList<>(0);

  /**
   * First conversion of a type.
   *
   * @param afterClose came in after the window had closed: it corrects
   */
  record FirstConversion(String type, long timeMillis, boolean late, boolean afterClose) {}

  OpenImpression(String id, long timeMillis, long contentDigest) {
    this.id = id;
    this.timeMillis = timeMillis;
    this.contentDigest = contentDigest;
  }

  boolean clicked() {
    return clickMillis != NONE;
  }

  boolean stayed() {
    return stayedAtMillis != NONE;
  }

  @Nullable FirstConversion conversion(String type) {
    for (FirstConversion conversion : conversions) {
      if (conversion.type.equals(type)) {
        return conversion;
      }
    }
    return null;
  }

  void putConversion(FirstConversion conversion) {
    conversions.removeIf(other -> other.type.equals(conversion.type));
    conversions.add(conversion);
  }
}
