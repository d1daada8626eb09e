package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.history.TagHistory;
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
 * <p>Applied are pending impressions, clicks, attributes, and corrections of matured labels. Labels
 * within their window stay out, as they do in snapshots: positives are known before negatives.
 */
final class CurrentView {

  private final LabelTasks tasks;
  private final ItemHistories histories;
  private final long clickWindowMillis;
  private final TagHistory clicked;
  private final TagHistory shown;
  private final RollingLabels labels;
  private final int[] attributes;
  private final OpenImpression other;

  CurrentView(FeaturesConfig config, RecordShape shape, LabelTasks tasks) {
    this.tasks = tasks;
    this.histories = new ItemHistories(config);
    this.clickWindowMillis = config.credit().clickWindow().toMillis();
    this.clicked = shape.clickedItems();
    this.shown = shape.shownItems();
    this.labels = new RollingLabels(shape.tasks());
    this.attributes = new int[shape.attributes()];
    this.other = new OpenImpression(shape);
  }

  /** Looks at the user as of this time. */
  void look(UserRecord record, long timeMillis) {
    clicked.copyFrom(record.clicked());
    shown.copyFrom(record.shown());
    labels.copyFrom(record.rollingLabels());
    labels.advanceTo(timeMillis);
    record.newestAttributes(attributes);
    for (int i = 0; i < record.openImpressions().count(); i++) {
      boolean unseen =
          record.openImpressions().is(i, OpenImpression.OPENED)
              && !record.openImpressions().is(i, OpenImpression.SNAPSHOT);
      boolean pending = record.openImpressions().is(i, OpenImpression.PENDING);
      if (unseen || pending) {
        record.openImpressions().load(i, other);
      }
      if (unseen) {
        histories.insertShown(shown, other);
      }
      if (pending) {
        applyPending();
      }
    }
    clicked.evictBefore(timeMillis - clickWindowMillis);
    shown.evictBefore(timeMillis - clickWindowMillis);
  }

  TagHistory clicked() {
    return clicked;
  }

  TagHistory shown() {
    return shown;
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
        histories.insertClicked(clicked, other, pending.eventTimeMillis());
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
