package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.record.Action;
import io.tagstream.features.record.OpenImpression;
import io.tagstream.features.record.OpenImpressions;
import io.tagstream.features.record.PendingLabels;
import io.tagstream.features.record.RecordShape;
import io.tagstream.features.record.UserRecord;
import io.tagstream.schemas.FeatureIds;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.User;
import java.util.List;
import java.util.Map;

/**
 * A fact enters the record, where it waits for the watermark ({@link DueActions}). A positive asks
 * for a profile at once; a late fact marks the snapshots that missed it. A deletion does not wait.
 */
final class FactArrival {

  private static final String IMPRESSION_VOCABULARY = "impression";

  private final RecordShape shape;
  private final UserInHand user;
  private final UserRecord record;
  private final OpenImpressions open;
  private final OpenImpression impression;
  private final LabelTasks tasks;
  private final ContextSymbols context;
  private final Keeper keeper;
  private final ScoreRequests requests;
  private final boolean newUsersScored;
  private final int[] attributes;

  FactArrival(
      FeaturesConfig config,
      RecordShape shape,
      UserInHand user,
      LabelTasks tasks,
      Keeper keeper,
      ScoreRequests requests) {
    this.shape = shape;
    this.user = user;
    this.record = user.record;
    this.open = record.openImpressions();
    this.impression = user.impression;
    this.tasks = tasks;
    this.context = new ContextSymbols(config);
    this.keeper = keeper;
    this.requests = requests;
    this.newUsersScored = config.newUsersScored();
    this.attributes = new int[shape.attributes()];
  }

  /** An impression was shown. */
  void shown(Opened opened, FeatureOutput out) {
    long id = FeatureIds.of(IMPRESSION_VOCABULARY, opened.getImpressionId());
    int at = find(id, opened.getImpressionTimeMillis(), out);
    if (at >= 0) {
      open.load(at, impression);
      if (impression.is(OpenImpression.OPENED)) {
        return; // ingestion opens an impression once; a second time adds nothing
      }
    } else {
      impression.begin(id, opened.getImpressionTimeMillis());
    }
    boolean first = newUsersScored && record.hasNoHistory();
    boolean late = opened.getLate() || opened.getImpressionTimeMillis() <= user.watermark;
    record.noteFact(opened.getImpressionTimeMillis());
    if (late) {
      out.lateFact();
      impression.set(OpenImpression.LATE);
    }
    impression.open(
        opened.getImpressionId(), opened.getItemId(), opened.getEntity(), opened.getTags());
    List<String> tagNames = opened.getTags();
    int[] tags = impression.tags(tagNames.size());
    for (int i = 0; i < tagNames.size(); i++) {
      tags[i] = record.symbol(FeatureIds.ofTag(tagNames.get(i)));
    }
    context.fill(opened, record, impression);
    if (at >= 0) {
      open.store(at, impression);
    } else {
      open.add(impression);
    }
    if (late) {
      markTouched(opened.getImpressionTimeMillis() - 1, out); // also those of its millisecond
      open.load(open.find(id), impression); // marking has unpacked others
    }
    for (int i = 0; i < impression.pendingCount(); i++) {
      requests.add(impression.pending(i), out); // labels came first and could not ask
    }
    if (first) {
      requests.add(impression.timeMillis(), null, out);
    }
  }

  /** Labels of an impression became known. */
  void labelled(LabeledImpression labels, FeatureOutput out) {
    long id = FeatureIds.of(IMPRESSION_VOCABULARY, labels.getImpressionId());
    long eventTime = labels.getEventTimeMillis();
    Action action = LabelTasks.action(labels.getEmission());
    int at = find(id, labels.getImpressionTimeMillis(), out);
    boolean late = labels.getLate() || eventTime <= user.watermark;
    if (late) {
      out.lateFact();
    }
    if (at >= 0) {
      open.load(at, impression);
    } else {
      impression.begin(id, labels.getImpressionTimeMillis());
      if (windowIsOver(impression.timeMillis())) {
        if (action != Action.CORRECTION) {
          out.unmatchedLabels();
          return;
        }
        // Its snapshot was given up with its window; the statistics still take the correction.
        impression.set(OpenImpression.MATURED);
      }
    }
    if (labels.getRevision()) {
      int earlier = pendingOverlapping(action, tasks.mask(labels.getLabels()));
      if (earlier < 0) {
        return; // what it revises was applied: it came too late to count
      }
      impression.removePending(earlier);
    }
    record.noteFact(eventTime);
    Long appendTime = labels.getAppendTimeMillis();
    PendingLabels pending = impression.addPending();
    pending.begin(action, eventTime, appendTime == null ? eventTime : appendTime, late);
    tasks.fill(pending, labels.getLabels());
    if (at >= 0) {
      open.store(at, impression);
    } else {
      open.add(impression);
    }
    if (late) {
      markTouched(lateSince(action, eventTime), out);
    }
    open.load(open.find(id), impression); // marking has unpacked others
    if (!labels.getRevision() && impression.is(OpenImpression.OPENED)) {
      requests.add(impression.pending(impression.pendingCount() - 1), out);
    }
  }

  /** Attributes of the user were told. */
  void described(User told, FeatureOutput out) {
    long eventTime = told.getEventTimeMillis();
    Map<String, String> values = told.getAttributes();
    context.attributes(values, record, attributes);
    // Before the first watermark no event has flowed: this is the table of users being read.
    record.addAttributes(eventTime, user.watermark == Long.MIN_VALUE, attributes);
    record.noteFact(eventTime);
    if (eventTime <= user.watermark) {
      out.lateFact();
      markTouched(eventTime, out);
    }
  }

  /** The user is forgotten up to a time. */
  void forgotten(long upToMillis, FeatureOutput out) {
    for (int i = open.count() - 1; i >= 0; i--) {
      if (open.timeMillis(i) <= upToMillis) {
        user.remove(i, out);
      }
    }
    if (record.kept() > 0) {
      keeper.forgetUpTo(record, upToMillis, out);
    }
    // Clicked items have the times of clicks, not of their impressions: forget a window more.
    record.forgetUpTo(upToMillis, upToMillis + shape.labelWindowMillis());
  }

  /** Where the impression is, also if it was kept beside the record; −1 when nobody knows it. */
  private int find(long id, long impressionTimeMillis, FeatureOutput out) {
    int at = open.find(id);
    return at < 0 && windowIsOver(impressionTimeMillis)
        ? keeper.takeBack(record, id, user.watermark, out)
        : at;
  }

  private boolean windowIsOver(long impressionTimeMillis) {
    return impressionTimeMillis + shape.labelWindowMillis() <= user.watermark;
  }

  private int pendingOverlapping(Action action, long mask) {
    for (int i = 0; i < impression.pendingCount(); i++) {
      if (impression.pending(i).action() == action && impression.pending(i).overlaps(mask)) {
        return i;
      }
    }
    return -1;
  }

  /** From when on snapshots should have seen a late fact. */
  private long lateSince(Action action, long eventTime) {
    boolean bookedLate = action != Action.CORRECTION && impression.is(OpenImpression.MATURED);
    if (action == Action.CLICK || action == Action.CORRECTION) {
      return eventTime;
    }
    return bookedLate ? impression.timeMillis() + shape.labelWindowMillis() : UserRecord.NEVER;
  }

  /** Marks open snapshots that missed a fact known at this time. */
  private void markTouched(long knownAtMillis, FeatureOutput out) {
    keeper.takeBackAfter(record, knownAtMillis, user.watermark, out);
    for (int i = 0; i < open.count(); i++) {
      if (open.is(i, OpenImpression.SNAPSHOT)
          && !open.is(i, OpenImpression.LATE)
          && open.timeMillis(i) > knownAtMillis) {
        open.load(i, impression);
        impression.set(OpenImpression.LATE);
        open.store(i, impression);
      }
    }
  }
}
