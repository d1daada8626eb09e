package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.credit.ShapleyCredit;
import io.tagstream.features.record.Action;
import io.tagstream.features.record.OpenImpression;
import io.tagstream.features.record.OpenImpressions;
import io.tagstream.features.record.PendingLabels;
import io.tagstream.features.record.RecordShape;
import io.tagstream.features.record.UserRecord;
import io.tagstream.features.snapshot.UserFields;
import io.tagstream.features.window.RollingLabels;

/**
 * What the watermark has reached takes effect, in (time, kind, id) order: snapshots are taken, tags
 * get their credit, labels leave as samples and enter the statistics.
 */
final class DueActions {

  private final UserInHand user;
  private final UserRecord record;
  private final OpenImpressions open;
  private final OpenImpression impression;
  private final LabelTasks tasks;
  private final ItemHistories histories;
  private final UserFields userFields;
  private final PseudoLabels pseudoLabels;
  private final SampleBuilder builder;
  private final Keeper keeper;
  private final ShapleyCredit credit;
  private final long labelWindowMillis;
  private final long clickWindowMillis;
  private final int[] attributes;

  DueActions(
      FeaturesConfig config,
      RecordShape shape,
      UserInHand user,
      LabelTasks tasks,
      UserFields userFields,
      SampleBuilder builder,
      Keeper keeper) {
    this.user = user;
    this.record = user.record;
    this.open = record.openImpressions();
    this.impression = user.impression;
    this.tasks = tasks;
    this.histories = new ItemHistories(config);
    this.userFields = userFields;
    this.pseudoLabels = new PseudoLabels(config.labels().priorMeans());
    this.builder = builder;
    this.keeper = keeper;
    this.credit =
        new ShapleyCredit(
            config.credit().reading(), config.credit().scale(), config.credit().temperature());
    this.labelWindowMillis = shape.labelWindowMillis();
    this.clickWindowMillis = config.credit().clickWindow().toMillis();
    this.attributes = new int[shape.attributes()];
  }

  /** Takes every action that is due, in (time, action, id) order. */
  void drain(FeatureOutput out) {
    long limit = user.atEnd ? UserRecord.NEVER - 1 : user.watermark;
    while (true) {
      long due = record.attributesDueMillis();
      Action action = Action.ATTRIBUTES;
      int at = -1;
      for (int i = 0; i < open.count(); i++) {
        long time = open.dueMillis(i);
        Action next = open.dueAction(i);
        if (user.atEnd) {
          open.load(i, impression);
          impression.plan(true);
          time = impression.dueMillis();
          next = impression.dueAction();
        }
        if (time < due || (time == due && before(next, i, action, at))) {
          due = time;
          action = next;
          at = i;
        }
      }
      if (due > limit) {
        break;
      }
      act(action, due, at, out);
    }
    if (!user.atEnd) {
      keeper.expire(record, user.watermark, out);
    }
    if (!user.atEnd
        && open.count() == 0
        && record.kept() == 0
        && record.attributesDueMillis() == UserRecord.NEVER
        && !record.isEmpty()
        && record.endMillis() <= user.watermark) {
      record.clear();
    }
  }

  private boolean before(Action action, int at, Action other, int otherAt) {
    int byKind = Integer.compare(action.code(), other.code());
    if (byKind != 0 || otherAt < 0) {
      return byKind < 0;
    }
    return open.id(at) < open.id(otherAt);
  }

  private void act(Action action, long due, int at, FeatureOutput out) {
    switch (action) {
      case SNAPSHOT -> takeSnapshot(at, out);
      case CLICK, STAY, CONVERSION, WINDOW_CLOSE, CORRECTION -> emit(at, action, due, out);
      case MATURE -> mature(at, out);
      case ATTRIBUTES -> {
        record.commitAttributes(due);
        record.noteFact(user.watermark); // a version older than the retention holds from now on
      }
      case EXPIRE -> {
        if (!open.is(at, OpenImpression.OPENED)) {
          out.unmatchedLabels();
        }
        user.remove(at, out);
      }
      case NOTHING -> throw new IllegalStateException("nothing is due, and never before the end");
    }
  }

  private void takeSnapshot(int at, FeatureOutput out) {
    open.load(at, impression);
    long time = impression.timeMillis();
    RollingLabels labels = record.rollingLabels();
    labels.advanceTo(time);
    record.clicked().evictBefore(time - clickWindowMillis);
    record.shown().evictBefore(time - clickWindowMillis);
    record.attributesAsOf(attributes);
    userFields.assemble(
        attributes, record.clicked(), record.shown(), labels, impression.context(), time);
    impression.packCodes(userFields.codes(), userFields.count());
    if (impression.tagCount() > 0) {
      credit.weights(
          record.clicked(), impression.tags(), impression.tagCount(), impression.weights());
    }
    impression.pseudoLabelled(pseudoLabels.read(labels, impression.pseudoLabels()));
    impression.set(OpenImpression.SNAPSHOT);
    histories.insertShown(record.shown(), impression); // only later snapshots see it
    out.openSnapshots(1);
    open.store(at, impression);
  }

  private void emit(int at, Action action, long due, FeatureOutput out) {
    open.load(at, impression);
    PendingLabels emission = impression.removePending(pendingAt(action, due));
    boolean opened = impression.is(OpenImpression.OPENED);
    boolean correction = action == Action.CORRECTION;
    long fresh = 0;
    for (int task = 0; task < tasks.count(); task++) {
      if (!emission.has(task)) {
        continue;
      }
      int value = tasks.fixed(task, emission, impression.timeMillis());
      boolean known = impression.labelled(task);
      int before = known ? impression.label(task) : 0;
      if (known && (!correction || value <= before)) {
        continue;
      }
      fresh |= 1L << task;
      if (impression.is(OpenImpression.MATURED)) {
        // An impression that is no longer kept was counted when it matured.
        boolean counted = known || !opened;
        record.rollingLabels().book(task, impression.timeMillis(), counted ? 0 : 1, value - before);
      }
      impression.label(task, value);
    }
    if (action == Action.CLICK && opened && !impression.is(OpenImpression.CLICKED)) {
      impression.set(OpenImpression.CLICKED);
      histories.insertClicked(record.clicked(), impression, emission.eventTimeMillis());
    }
    if (!opened) {
      out.unmatchedLabels();
    } else if (fresh != 0) {
      out.sample(builder.sample(user.userId, record, impression, emission, fresh));
      impression.set(OpenImpression.SAMPLED);
    }
    storeOrRemove(at, out);
  }

  private int pendingAt(Action action, long due) {
    int found = -1;
    for (int i = 0; i < impression.pendingCount(); i++) {
      PendingLabels pending = impression.pending(i);
      if (pending.action() == action
          && pending.eventTimeMillis() == due
          && (found < 0 || pending.mask() < impression.pending(found).mask())) {
        found = i;
      }
    }
    return found;
  }

  private void mature(int at, FeatureOutput out) {
    open.load(at, impression);
    RollingLabels labels = record.rollingLabels();
    labels.advanceTo(impression.timeMillis() + labelWindowMillis);
    for (int task = 0; task < tasks.count(); task++) {
      if (impression.labelled(task)) {
        labels.book(task, impression.timeMillis(), 1, impression.label(task));
      }
    }
    impression.set(OpenImpression.MATURED);
    storeOrRemove(at, out);
  }

  private void storeOrRemove(int at, FeatureOutput out) {
    if (impression.done()) {
      user.remove(at, out);
    } else {
      open.store(at, impression);
    }
  }
}
