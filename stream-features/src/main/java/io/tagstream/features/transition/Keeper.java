package io.tagstream.features.transition;

import io.tagstream.features.record.KeptImpressions;
import io.tagstream.features.record.OpenImpression;
import io.tagstream.features.record.RecordShape;
import io.tagstream.features.record.UserRecord;
import io.tagstream.features.record.UserRecord.SnapshotSymbols;

/**
 * Moves impressions that only a correction can still reach out of the user's record, and back when
 * one does. Nobody else sees that they were away.
 */
final class Keeper {

  private final RecordShape shape;
  private final SnapshotSymbols codes;
  private final KeptImpressions kept;

  Keeper(RecordShape shape, SnapshotSymbols codes, KeptImpressions kept) {
    this.shape = shape;
    this.codes = codes;
    this.kept = kept;
  }

  /** Moves out what has matured and waits for nothing. */
  void putAside(UserRecord record) {
    for (int i = record.openImpressions().count() - 1; i >= 0; i--) {
      if (record.openImpressions().is(i, OpenImpression.MATURED)
          && !record.openImpressions().is(i, OpenImpression.PENDING)) {
        long id = record.openImpressions().id(i);
        long due = shape.keptDueMillis(record.openImpressions().timeMillis(i));
        kept.put(id, record.takeOut(i, codes));
        record.kept(record.kept() + 1, Math.min(record.keptDueMillis(), due));
      }
    }
  }

  /** Takes an impression back in; gives its place, or −1 when it is not kept (any more). */
  int takeBack(UserRecord record, long impressionId, long watermark, FeatureOutput out) {
    if (record.kept() == 0) {
      return -1;
    }
    byte[] bytes = kept.get(impressionId);
    if (bytes == null) {
      return -1;
    }
    kept.remove(impressionId);
    record.kept(record.kept() - 1, record.keptDueMillis());
    if (UserRecord.keptTimeMillis(bytes) + shape.horizonMillis() <= watermark) {
      out.openSnapshots(-1);
      return -1;
    }
    return record.takeIn(bytes, codes);
  }

  /** Takes back those that were shown after a time. */
  void takeBackAfter(UserRecord record, long timeMillis, long watermark, FeatureOutput out) {
    if (record.kept() == 0 || timeMillis >= watermark - shape.labelWindowMillis()) {
      return; // all that are kept are older than a label window
    }
    for (long id : kept.ids()) {
      byte[] bytes = kept.get(id);
      if (bytes != null && UserRecord.keptTimeMillis(bytes) > timeMillis) {
        takeBack(record, id, watermark, out);
      }
    }
  }

  /** Forgets those whose time has come, once there is one. */
  void expire(UserRecord record, long watermark, FeatureOutput out) {
    if (record.keptDueMillis() <= watermark) {
      forgetUpTo(record, watermark - shape.horizonMillis(), out);
    }
  }

  /** Forgets those that were shown up to a time. */
  void forgetUpTo(UserRecord record, long timeMillis, FeatureOutput out) {
    int left = 0;
    long due = UserRecord.NEVER;
    for (long id : kept.ids()) {
      byte[] bytes = kept.get(id);
      if (bytes == null) {
        continue;
      }
      long time = UserRecord.keptTimeMillis(bytes);
      if (time <= timeMillis) {
        kept.remove(id);
        out.openSnapshots(-1); // nothing matures without a snapshot
      } else {
        left++;
        due = Math.min(due, shape.keptDueMillis(time));
      }
    }
    record.kept(left, due);
  }
}
