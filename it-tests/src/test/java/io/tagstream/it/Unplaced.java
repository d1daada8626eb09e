package io.tagstream.it;

import io.tagstream.schemas.DeadLetterReason;
import java.util.List;

/** Why a record that can be read has no place. */
enum Unplaced {
  NOBODYS("of no impression", DeadLetterReason.UNKNOWN_IMPRESSION),
  EARLIER("before its impression", DeadLetterReason.BEFORE_IMPRESSION),
  LATE_CLICK("late click", DeadLetterReason.LATE_CLICK),
  LATE_STAY("late stay", DeadLetterReason.LATE_STAY),
  LATE_CONVERSION("late conversion", DeadLetterReason.LATE_CONVERSION),
  CONFLICTING("other content", DeadLetterReason.CONFLICTING_CONTENT),
  OF_FORGOTTEN("of a forgotten user", DeadLetterReason.USER_DELETED),
  OF_UNKNOWN_ITEM("of an unknown item", DeadLetterReason.UNKNOWN_ITEM),
  TOO_LATE("late impression", DeadLetterReason.LATE_IMPRESSION);

  private final String what;
  private final DeadLetterReason reason;

  Unplaced(String what, DeadLetterReason reason) {
    this.what = what;
    this.reason = reason;
  }

  /** In words, for counts. */
  String what() {
    return what;
  }

  /** The reason of its dead letter. */
  DeadLetterReason reason() {
    return reason;
  }

  /** Of a kind of engagement: click, stay, conversion. */
  static Unplaced late(int kind) {
    return List.of(LATE_CLICK, LATE_STAY, LATE_CONVERSION).get(kind);
  }
}
