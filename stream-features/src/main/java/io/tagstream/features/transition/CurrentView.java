package io.tagstream.features.transition;

import io.tagstream.features.history.ClickHistory;
import io.tagstream.features.record.Action;
import io.tagstream.features.record.OpenImpression;
import io.tagstream.features.record.PendingLabels;
import io.tagstream.features.record.RecordShape;
import io.tagstream.features.record.UserRecord;
import io.tagstream.features.window.RollingLabels;

/**
 * A throw-away view of a user with the pending facts applied, for score requests: it may see what
 * the watermark has not confirmed, since a profile is corrected by the next one.
 *
 * <p>Applied are pending clicks, attributes, and corrections of matured labels. Labels within their
 * window stay out, as they do in snapshots: positives are known before negatives.
 */
final class CurrentView {

  private final LabelTasks tasks;
  private final ClickValues clickValues;
  private final long clickWindowMillis;
  private final ClickHistory history;
  private final RollingLabels labels;
  private final int[] attributes;
  private final OpenImpression other;

  CurrentView(
      RecordShape shape, LabelTasks tasks, ClickValues clickValues, long clickWindowMillis) {
    this.tasks = tasks;
    this.clickValues = clickValues;
    this.clickWindowMillis = clickWindowMillis;
    this.history = new ClickHistory(shape.maxClicks(), shape.maxTags(), shape.clickedFields());
    this.labels = new RollingLabels(shape.tasks());
    this.attributes = new int[shape.attributes()];
    this.other = new OpenImpression(shape);
  }

  /** Looks at the user as of this time. */
  void look(UserRecord record, long timeMillis) {
    history.copyFrom(record.history());
    labels.copyFrom(record.rollingLabels());
    labels.advanceTo(timeMillis);
    record.newestAttributes(attributes);
    for (int i = 0; i < record.impressions(); i++) {
      if (record.is(i, OpenImpression.PENDING)) {
        record.load(i, other);
        applyPending();
      }
    }
    history.evictBefore(timeMillis - clickWindowMillis);
  }

  ClickHistory history() {
    return history;
  }

  RollingLabels labels() {
    return labels;
  }

  int[] attributes() {
    return attributes;
  }

  private void applyPending() {
    for (int i = 0; i < other.pendingCount(); i++) {
      PendingLabels pending = other.pending(i);
      if (pending.action() == Action.CLICK && other.is(OpenImpression.OPENED)) {
        clickValues.insert(history, other, pending.eventTimeMillis());
      } else if (pending.action() == Action.CORRECTION && other.is(OpenImpression.MATURED)) {
        for (int task = 0; task < tasks.count(); task++) {
          if (pending.has(task)) {
            int before = other.labelled(task) ? other.label(task) : 0;
            int change = Math.max(0, tasks.fixed(task, pending, other.timeMillis()) - before);
            labels.book(task, other.timeMillis(), 0, change);
          }
        }
      }
    }
  }
}
