package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.record.KeptImpressions;
import io.tagstream.features.record.RecordShape;
import io.tagstream.features.record.UserRecord;
import io.tagstream.features.snapshot.FeatureSchema;
import io.tagstream.features.snapshot.UserFields;
import io.tagstream.features.stay.StayBins;
import io.tagstream.features.window.Window;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserFact;
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

  private final UserInHand user;
  private final UserRecord record;
  private final UserFields userFields;
  private final Keeper keeper;
  private final FactArrival arrival;
  private final DueActions due;

  /**
   * A transition with these settings.
   *
   * @param config validated settings
   * @param stayBins which bins hold for the stay on an impression; asked when its label is applied
   * @param kept what lies beside the record of the user in hand; read and changed by every call
   */
  public FeatureTransition(FeaturesConfig config, StayBins stayBins, KeptImpressions kept) {
    FeatureSchema schema = FeatureSchema.of(config);
    RecordShape shape = shape(config, schema);
    LabelTasks tasks = new LabelTasks(config, stayBins);
    this.user = new UserInHand(shape);
    this.record = user.record;
    this.userFields = new UserFields(config, schema);
    this.keeper = new Keeper(shape, userFields, kept);
    SampleBuilder builder = new SampleBuilder(config, tasks, schema, userFields);
    ScoreRequests requests = new ScoreRequests(config, shape, user, tasks, userFields, builder);
    this.arrival = new FactArrival(config, shape, user, tasks, keeper, requests);
    this.due = new DueActions(config, shape, user, tasks, userFields, builder, keeper);
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
    user.take(fact.getUserId(), bytes, currentWatermark, false);
    long timer = record.timerMillis();
    due.drain(out);
    Object body = fact.getFact();
    if (body instanceof Opened opened) {
      arrival.shown(opened, out);
    } else if (body instanceof LabeledImpression labels) {
      arrival.labelled(labels, out);
    } else if (body instanceof User described) {
      arrival.described(described, out);
    } else if (body instanceof UserDeletion deletion) {
      arrival.forgotten(deletion.getEventTimeMillis(), out);
    } else {
      throw new IllegalArgumentException("a fact of the unknown kind " + body.getClass());
    }
    due.drain(out);
    return finish(timer, out);
  }

  /**
   * Wakes a user.
   *
   * @param userId the user's id
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
      String userId,
      byte @Nullable [] bytes,
      long timerMillis,
      long currentWatermark,
      boolean inputEnded,
      FeatureOutput out) {
    user.take(userId, bytes, currentWatermark, inputEnded);
    if (record.timerMillis() == timerMillis) {
      record.timerMillis(UserRecord.NEVER);
    }
    if (record.endTimerMillis() == timerMillis) {
      record.endTimerMillis(UserRecord.NEVER);
    }
    long timer = record.timerMillis();
    due.drain(out);
    return finish(timer, out);
  }

  private byte @Nullable [] finish(long timer, FeatureOutput out) {
    keeper.putAside(record);
    if (!user.atEnd) {
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
        Math.max(Window.MONTH.millis(), config.credit().clickWindow().toMillis()) + horizon);
  }
}
