package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.credit.ShapleyCredit;
import io.tagstream.features.record.Action;
import io.tagstream.features.record.KeptImpressions;
import io.tagstream.features.record.OpenImpression;
import io.tagstream.features.record.PendingLabels;
import io.tagstream.features.record.RecordShape;
import io.tagstream.features.record.UserRecord;
import io.tagstream.features.snapshot.FeatureSchema;
import io.tagstream.features.snapshot.UserFields;
import io.tagstream.features.stay.StayBins;
import io.tagstream.features.window.RollingLabels;
import io.tagstream.features.window.Window;
import io.tagstream.schemas.Cause;
import io.tagstream.schemas.FeatureIds;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserFact;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The transition of one user's record: (record, fact, watermark) → (record, outputs).
 *
 * <p>Order is made, not assumed: facts wait in the record until the watermark reaches them, and are
 * then applied in (time, kind, id) order. So a snapshot, taken once the watermark has reached its
 * impression's time t, is a function of the facts known before t, whatever the order of arrival.
 *
 * <p>Impressions whose label window is over wait for corrections beside the record ({@link
 * Keeper}).
 *
 * <p>Scratch space is reused from call to call: one instance per thread.
 */
public final class FeatureTransition {

  private static final String IMPRESSION_VOCABULARY = "impression";

  private final RecordShape shape;
  private final UserRecord record;
  private final OpenImpression impression;
  private final LabelTasks tasks;
  private final ItemHistories histories;
  private final ContextSymbols context;
  private final UserFields userFields;
  private final ShapleyCredit credit;
  private final PseudoLabels pseudoLabels;
  private final CurrentView view;
  private final SampleBuilder builder;
  private final Keeper keeper;
  private final long clickWindowMillis;
  private final boolean newUsersScored;
  private final int[] attributes;
  private final float[] currentPseudoLabels;

  private String userId = "";
  private long watermark;
  private boolean atEnd;

  /**
   * A transition with these settings.
   *
   * @param config validated settings
   * @param stayBins which bins hold for the stay on an impression; asked when its label is applied
   * @param kept what lies beside the record of the user in hand; read and changed by every call
   */
  public FeatureTransition(FeaturesConfig config, StayBins stayBins, KeptImpressions kept) {
    FeatureSchema schema = FeatureSchema.of(config);
    this.shape = shape(config, schema);
    this.record = new UserRecord(shape);
    this.impression = new OpenImpression(shape);
    this.tasks = new LabelTasks(config, stayBins);
    this.histories = new ItemHistories(config);
    this.context = new ContextSymbols(config);
    this.userFields = new UserFields(config, schema);
    this.credit =
        new ShapleyCredit(
            config.credit().reading(), config.credit().scale(), config.credit().temperature());
    this.pseudoLabels = new PseudoLabels(config.labels().priorMeans());
    this.clickWindowMillis = config.credit().clickWindow().toMillis();
    this.newUsersScored = config.newUsersScored();
    this.view = new CurrentView(shape, tasks, histories, clickWindowMillis);
    this.builder = new SampleBuilder(config, tasks, schema, userFields);
    this.keeper = new Keeper(shape, userFields, kept);
    this.attributes = new int[shape.attributes()];
    this.currentPseudoLabels = new float[shape.tasks()];
  }

  /**
   * Applies a fact.
   *
   * @param bytes the user's record; null for a user unknown so far. Not written to
   * @param fact the fact; not kept
   * @param currentWatermark all facts with time up to this one have come, but for late ones
   * @param out takes samples, score requests and what is to be counted
   * @return the new record; null when nothing is left to remember
   */
  public byte @Nullable [] apply(
      byte @Nullable [] bytes, UserFact fact, long currentWatermark, FeatureOutput out) {
    begin(fact.getUserId(), bytes, currentWatermark, false);
    long timer = record.timerMillis();
    drain(out);
    Object body = fact.getFact();
    if (body instanceof Opened opened) {
      open(opened, out);
    } else if (body instanceof LabeledImpression labels) {
      label(labels, out);
    } else if (body instanceof User user) {
      describe(user, out);
    } else if (body instanceof UserDeletion deletion) {
      forget(deletion.getEventTimeMillis(), out);
    } else {
      throw new IllegalArgumentException("a fact of the unknown kind " + body.getClass());
    }
    drain(out);
    return finish(timer, out);
  }

  /**
   * Wakes a user.
   *
   * @param user the user's id
   * @param bytes the user's record
   * @param timerMillis the timer that fired
   * @param currentWatermark the watermark that fired it; at the end of the input the last one
   *     before
   * @param inputEnded whether the input has ended: all that is known drains, but nothing matures,
   *     turns negative or is forgotten, and no timer is set
   * @param out takes samples and what is to be counted
   * @return the new record; null when nothing is left to remember
   */
  public byte @Nullable [] wake(
      String user,
      byte @Nullable [] bytes,
      long timerMillis,
      long currentWatermark,
      boolean inputEnded,
      FeatureOutput out) {
    begin(user, bytes, currentWatermark, inputEnded);
    if (record.timerMillis() == timerMillis) {
      record.timerMillis(UserRecord.NEVER);
    }
    if (record.endTimerMillis() == timerMillis) {
      record.endTimerMillis(UserRecord.NEVER);
    }
    long timer = record.timerMillis();
    drain(out);
    return finish(timer, out);
  }

  private void begin(
      String user, byte @Nullable [] bytes, long currentWatermark, boolean inputEnded) {
    userId = user;
    watermark = currentWatermark;
    atEnd = inputEnded;
    record.read(bytes);
  }

  private byte @Nullable [] finish(long timer, FeatureOutput out) {
    keeper.putAside(record);
    if (!atEnd) {
      setTimers(timer, out);
    }
    record.cleanUp(userFields);
    return record.write();
  }

  /**
   * One timer wakes the user for what is due next, and moves often; the other ends the record, in
   * weeks, and stays. One that fires too early costs one wake-up; only an earlier need moves it.
   */
  private void setTimers(long timer, FeatureOutput out) {
    long end = record.endTimerMillis();
    if (record.isEmpty()) {
      for (long set : new long[] {timer, end}) {
        if (set != UserRecord.NEVER) {
          out.moveTimer(UserRecord.NEVER, set);
        }
      }
      return;
    }
    if (end == UserRecord.NEVER) {
      end = record.endMillis();
      out.moveTimer(end, UserRecord.NEVER);
      record.endTimerMillis(end);
    }
    long wake = record.wakeMillis();
    if (wake < timer && wake != end) {
      out.moveTimer(wake, timer);
      record.timerMillis(wake);
    }
  }

  /** Takes every action that is due, in (time, action, id) order. */
  private void drain(FeatureOutput out) {
    long limit = atEnd ? UserRecord.NEVER - 1 : watermark;
    while (true) {
      long due = record.attributesDueMillis();
      Action action = Action.ATTRIBUTES;
      int at = -1;
      for (int i = 0; i < record.open().count(); i++) {
        long time = record.open().dueMillis(i);
        Action next = record.open().dueAction(i);
        if (atEnd) {
          record.open().load(i, impression);
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
    if (!atEnd) {
      keeper.expire(record, watermark, out);
    }
    if (!atEnd
        && record.open().count() == 0
        && record.kept() == 0
        && record.attributesDueMillis() == UserRecord.NEVER
        && !record.isEmpty()
        && record.endMillis() <= watermark) {
      record.clear();
    }
  }

  private boolean before(Action action, int at, Action other, int otherAt) {
    int byKind = Integer.compare(action.code(), other.code());
    if (byKind != 0 || otherAt < 0) {
      return byKind < 0;
    }
    return record.open().id(at) < record.open().id(otherAt);
  }

  private void act(Action action, long due, int at, FeatureOutput out) {
    switch (action) {
      case SNAPSHOT -> takeSnapshot(at, out);
      case CLICK, STAY, CONVERSION, WINDOW_CLOSE, CORRECTION -> emit(at, action, due, out);
      case MATURE -> mature(at, out);
      case ATTRIBUTES -> {
        record.commitAttributes(due);
        record.noteFact(watermark); // a version older than the retention holds from now on
      }
      case EXPIRE -> {
        if (!record.open().is(at, OpenImpression.OPENED)) {
          out.unmatchedLabels();
        }
        remove(at, out);
      }
      case NOTHING -> throw new IllegalStateException("nothing is due, and never before the end");
    }
  }

  private void takeSnapshot(int at, FeatureOutput out) {
    record.open().load(at, impression);
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
    record.open().store(at, impression);
  }

  private void emit(int at, Action action, long due, FeatureOutput out) {
    record.open().load(at, impression);
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
      out.sample(builder.sample(userId, record, impression, emission, fresh));
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
    record.open().load(at, impression);
    RollingLabels labels = record.rollingLabels();
    labels.advanceTo(impression.timeMillis() + shape.labelWindowMillis());
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
      remove(at, out);
    } else {
      record.open().store(at, impression);
    }
  }

  private void remove(int at, FeatureOutput out) {
    if (record.open().is(at, OpenImpression.SNAPSHOT)) {
      out.openSnapshots(-1);
    }
    record.open().remove(at);
  }

  private void open(Opened opened, FeatureOutput out) {
    long id = FeatureIds.of(IMPRESSION_VOCABULARY, opened.getImpressionId());
    int at = find(id, opened.getImpressionTimeMillis(), out);
    if (at >= 0) {
      record.open().load(at, impression);
      if (impression.is(OpenImpression.OPENED)) {
        return; // ingestion opens an impression once; a second time adds nothing
      }
    } else {
      impression.begin(id, opened.getImpressionTimeMillis());
    }
    boolean first = newUsersScored && record.hasNoHistory();
    boolean late = opened.getLate() || opened.getImpressionTimeMillis() <= watermark;
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
      record.open().store(at, impression);
    } else {
      record.open().add(impression);
    }
    if (late) {
      markTouched(opened.getImpressionTimeMillis() - 1, out); // also those of its millisecond
      record.open().load(record.open().find(id), impression); // marking has unpacked others
    }
    for (int i = 0; i < impression.pendingCount(); i++) {
      requestScore(impression.pending(i), out); // labels came first and could not ask
    }
    if (first) {
      requestScore(impression.timeMillis(), null, out);
    }
  }

  private void label(LabeledImpression labels, FeatureOutput out) {
    long id = FeatureIds.of(IMPRESSION_VOCABULARY, labels.getImpressionId());
    long eventTime = labels.getEventTimeMillis();
    Action action = LabelTasks.action(labels.getEmission());
    int at = find(id, labels.getImpressionTimeMillis(), out);
    boolean late = labels.getLate() || eventTime <= watermark;
    if (late) {
      out.lateFact();
    }
    if (at >= 0) {
      record.open().load(at, impression);
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
      record.open().store(at, impression);
    } else {
      record.open().add(impression);
    }
    if (late) {
      markTouched(lateSince(action, eventTime), out);
    }
    record.open().load(record.open().find(id), impression); // marking has unpacked others
    if (!labels.getRevision() && impression.is(OpenImpression.OPENED)) {
      requestScore(impression.pending(impression.pendingCount() - 1), out);
    }
  }

  /** Where the impression is, also if it was kept beside the record; −1 when nobody knows it. */
  private int find(long id, long impressionTimeMillis, FeatureOutput out) {
    int at = record.open().find(id);
    return at < 0 && windowIsOver(impressionTimeMillis)
        ? keeper.takeBack(record, id, watermark, out)
        : at;
  }

  private boolean windowIsOver(long impressionTimeMillis) {
    return impressionTimeMillis + shape.labelWindowMillis() <= watermark;
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
    keeper.takeBackAfter(record, knownAtMillis, watermark, out);
    for (int i = 0; i < record.open().count(); i++) {
      if (record.open().is(i, OpenImpression.SNAPSHOT)
          && !record.open().is(i, OpenImpression.LATE)
          && record.open().timeMillis(i) > knownAtMillis) {
        record.open().load(i, impression);
        impression.set(OpenImpression.LATE);
        record.open().store(i, impression);
      }
    }
  }

  private void requestScore(PendingLabels cause, FeatureOutput out) {
    if (tasks.positive(cause, impression.timeMillis())) {
      requestScore(cause.eventTimeMillis(), cause, out);
    }
  }

  /** Asks for a score of now; the cause is null for a first impression. */
  private void requestScore(long timeMillis, @Nullable PendingLabels cause, FeatureOutput out) {
    view.look(record, timeMillis);
    userFields.assemble(
        view.attributes(),
        view.clicked(),
        view.shown(),
        view.labels(),
        impression.context(),
        timeMillis);
    long mask = pseudoLabels.read(view.labels(), currentPseudoLabels);
    List<Cause> causes = cause == null ? List.of() : List.of(builder.cause(impression, cause));
    out.scoreRequest(
        builder.scoreRequest(userId, record, timeMillis, causes, currentPseudoLabels, mask));
  }

  private void describe(User user, FeatureOutput out) {
    long eventTime = user.getEventTimeMillis();
    Map<String, String> values = user.getAttributes();
    context.attributes(values, record, attributes);
    // Before the first watermark no event has flowed: this is the table of users being read.
    record.addAttributes(eventTime, watermark == Long.MIN_VALUE, attributes);
    record.noteFact(eventTime);
    if (eventTime <= watermark) {
      out.lateFact();
      markTouched(eventTime, out);
    }
  }

  private void forget(long upToMillis, FeatureOutput out) {
    for (int i = record.open().count() - 1; i >= 0; i--) {
      if (record.open().timeMillis(i) <= upToMillis) {
        remove(i, out);
      }
    }
    if (record.kept() > 0) {
      keeper.forgetUpTo(record, upToMillis, out);
    }
    // Clicked items have the times of clicks, not of their impressions: forget a window more.
    record.forgetUpTo(upToMillis, upToMillis + shape.labelWindowMillis());
  }

  private static RecordShape shape(FeaturesConfig config, FeatureSchema schema) {
    long horizon = config.labels().attributionHorizon().toMillis();
    return new RecordShape(
        schema.digest(),
        config.tasks().size(),
        config.fields().userAttributes().size(),
        config.fields().privileged().size(),
        2 + config.fields().context().size(),
        config.fields().clicked().size(),
        config.credit().maxClicks(),
        config.fields().shownTags() == 0 ? 0 : config.fields().maxShown(),
        config.credit().maxTags(),
        config.labels().window().toMillis(),
        horizon,
        config.labels().keepSnapshots() == FeaturesConfig.KeepSnapshots.POSITIVE,
        Math.max(Window.MONTH.millis(), clickWindow(config)) + horizon);
  }

  private static long clickWindow(FeaturesConfig config) {
    return config.credit().clickWindow().toMillis();
  }
}
