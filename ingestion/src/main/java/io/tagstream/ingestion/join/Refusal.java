package io.tagstream.ingestion.join;

import org.jspecify.annotations.Nullable;

/**
 * A record that the join cannot place.
 *
 * @param reason why
 * @param detail field, value and rule, for people
 * @param engagement the refused engagement, perhaps one that was held; null for the impression at
 *     hand
 */
public record Refusal(Reason reason, String detail, @Nullable Engagement engagement) {

  /** Why; the names are those of the published reasons. */
  public enum Reason {
    UNKNOWN_IMPRESSION,
    LATE_CLICK,
    LATE_STAY,
    LATE_CONVERSION,
    LATE_IMPRESSION,
    BEFORE_IMPRESSION,
    CONFLICTING_CONTENT,
    USER_DELETED
  }
}
