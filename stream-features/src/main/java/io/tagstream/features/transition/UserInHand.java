package io.tagstream.features.transition;

import io.tagstream.features.record.OpenImpression;
import io.tagstream.features.record.RecordShape;
import io.tagstream.features.record.UserRecord;
import org.jspecify.annotations.Nullable;

/** The user whose record is open, from the start of a call to its end; reused from user to user. */
final class UserInHand {

  final UserRecord record;

  /** The impression that is unpacked. */
  final OpenImpression impression;

  String userId = "";

  /** All facts with time up to this one have come, but for late ones. */
  long watermark;

  /** Whether the input has ended: what is known drains, and nothing else happens. */
  boolean atEnd;

  UserInHand(RecordShape shape) {
    this.record = new UserRecord(shape);
    this.impression = new OpenImpression(shape);
  }

  /** Takes a user in hand; without bytes one who is unknown so far. */
  void take(String id, byte @Nullable [] bytes, long currentWatermark, boolean inputEnded) {
    userId = id;
    watermark = currentWatermark;
    atEnd = inputEnded;
    record.read(bytes);
  }

  /** Forgets the open impression at this place. */
  void remove(int at, FeatureOutput out) {
    if (record.openImpressions().is(at, OpenImpression.SNAPSHOT)) {
      out.openSnapshots(-1);
    }
    record.openImpressions().remove(at);
  }
}
