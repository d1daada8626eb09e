package io.tagstream.ingestion.join;

import io.tagstream.ingestion.join.OpenImpression.FirstConversion;
import io.tagstream.ingestion.join.Refusal.Reason;
import io.tagstream.ingestion.join.UserImpressions.Waiting;
import io.tagstream.schemas.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The label join as a transition over one user's state. With W the label window, H the attribution
 * horizon and w the watermark (every event up to it has come, but for late ones):
 *
 * <ul>
 *   <li>An impression shown at t is open until w reaches t+W. Then its unknown labels are negative.
 *   <li>Clicks and stays count up to t+W, conversions up to t+H. Those after t+W wait for the
 *       window to close, and then correct when the impression is <em>retained</em>: clicked, or, in
 *       the space of all impressions, clicked or converted. That is over when w reaches t+H for
 *       retained ones, t+W for others; for one more W they are remembered, only to name what comes
 *       too late.
 *   <li>An engagement at e without its impression waits until w reaches e+W: no impression shown up
 *       to e could be opened after that.
 * </ul>
 *
 * <p>Of several clicks, stays, or conversions of one type the earliest (time, value) counts, so the
 * order of arrival decides nothing; when the earlier one comes second, it is emitted again as a
 * revision.
 */
public final class LabelJoin {

  /** {@link #nextDeadline} of a state that waits for nothing. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final String FORGOTTEN = " - the user asked to be forgotten up to ";

  private static final Comparator<Waiting> BY_CONTENT =
      Comparator.comparing(Waiting::engagement, Engagement.ORDER).thenComparing(Waiting::late);

  private final JoinRules rules;
  private final Keeper keeper;
  private final ConversionLabels conversionLabels;

  /**
   * A join by these rules.
   *
   * @param keptImpressions what lies beside the user in hand; read and changed by every transition
   */
  public LabelJoin(JoinRules rules, KeptImpressions keptImpressions) {
    this.rules = rules;
    this.keeper = new Keeper(rules, keptImpressions);
    this.conversionLabels = new ConversionLabels(rules);
  }

  /** Takes an impression. */
  public JoinOutcome show(UserImpressions user, Shown shown, long watermark) {
    JoinOutcome out = advance(user, watermark);
    OpenImpression known = find(user, shown.impressionId(), watermark);
    if (shown.timeMillis() <= user.forgottenUntilMillis) {
      out.refuse(
          Reason.USER_DELETED,
          "eventTimeMillis: " + shown.timeMillis() + FORGOTTEN + user.forgottenUntilMillis);
    } else if (known != null) {
      if (known.contentDigest == shown.contentDigest() && known.timeMillis == shown.timeMillis()) {
        out.repeat();
      } else {
        out.refuse(
            Reason.CONFLICTING_CONTENT,
            "impressionId: "
                + known.id
                + " - is in use by an impression with other content, shown at "
                + known.timeMillis);
      }
    } else if (shown.timeMillis() + rules.windowMillis() <= watermark) {
      out.refuse(
          Reason.LATE_IMPRESSION,
          "eventTimeMillis: "
              + shown.timeMillis()
              + " - its label window ended at "
              + (shown.timeMillis() + rules.windowMillis())
              + ", and the watermark is "
              + watermark);
    } else {
      out.open(shown.timeMillis() <= watermark);
      OpenImpression opened =
          new OpenImpression(shown.impressionId(), shown.timeMillis(), shown.contentDigest());
      user.impressions.add(opened);
      for (Waiting waiting : takeWaiting(user, opened.id)) {
        place(user, opened, waiting, out);
      }
    }
    keeper.putAside(user);
    return out;
  }

  /** Takes a click, stay or conversion. */
  public JoinOutcome engage(UserImpressions user, Engagement engagement, long watermark) {
    JoinOutcome out = advance(user, watermark);
    if (engagement.timeMillis() <= user.forgottenUntilMillis) {
      out.refuse(
          engagement,
          Reason.USER_DELETED,
          "eventTimeMillis: " + engagement.timeMillis() + FORGOTTEN + user.forgottenUntilMillis);
      return out;
    }
    Waiting arrived = new Waiting(engagement, engagement.timeMillis() <= watermark);
    OpenImpression impression = find(user, engagement.impressionId(), watermark);
    if (impression != null
        && engagement.kind() == Engagement.Kind.CONVERSION
        && rules.horizonEnd(impression) <= watermark) {
      out.refuseLate(engagement, Reason.LATE_CONVERSION, impression, rules.horizonEnd(impression));
    } else if (impression != null) {
      place(user, impression, arrived, out);
    } else if (engagement.timeMillis() + rules.windowMillis() <= watermark) {
      out.refuseUnknown(engagement, watermark);
    } else {
      await(user, arrived, out);
    }
    keeper.putAside(user);
    return out;
  }

  /** Forgets every impression shown up to a time, and refuses those that still come. */
  public JoinOutcome forget(UserImpressions user, long untilMillis, long watermark) {
    JoinOutcome out = advance(user, watermark);
    if (untilMillis <= user.forgottenUntilMillis) {
      return out;
    }
    if (untilMillis + rules.horizonMillis() > watermark) {
      user.forgottenUntilMillis = untilMillis;
    }
    List<String> forgotten = new ArrayList<>();
    keeper.forgetShownUpTo(user, untilMillis);
    for (Iterator<OpenImpression> all = user.impressions.iterator(); all.hasNext(); ) {
      OpenImpression impression = all.next();
      if (impression.timeMillis <= untilMillis) {
        forgotten.add(impression.id);
        all.remove();
        if (!impression.closed) {
          out.close();
        }
      }
    }
    for (Iterator<Waiting> all = user.waiting.iterator(); all.hasNext(); ) {
      Engagement engagement = all.next().engagement();
      if (engagement.timeMillis() <= untilMillis || forgotten.contains(engagement.impressionId())) {
        all.remove();
        out.refuse(
            engagement,
            Reason.USER_DELETED,
            "impressionId: " + engagement.impressionId() + FORGOTTEN + untilMillis);
      }
    }
    return out;
  }

  /**
   * Does what the watermark makes due. Every transition does so first, so a state is always as of
   * its watermark, whenever the timer fires.
   */
  public JoinOutcome advance(UserImpressions user, long watermark) {
    JoinOutcome out = new JoinOutcome();
    for (OpenImpression impression : user.impressions) {
      if (!impression.closed && rules.windowEnd(impression) <= watermark) {
        close(user, impression, out);
      }
    }
    user.impressions.removeIf(
        impression -> impression.closed && rules.knownUntil(impression) <= watermark);
    keeper.expire(user, watermark);
    keeper.putAside(user);
    for (Iterator<Waiting> all = user.waiting.iterator(); all.hasNext(); ) {
      Engagement engagement = all.next().engagement();
      if (engagement.timeMillis() + rules.windowMillis() <= watermark) {
        all.remove();
        out.refuseUnknown(engagement, watermark);
      }
    }
    if (user.forgottenUntilMillis != 0
        && user.forgottenUntilMillis + rules.horizonMillis() <= watermark) {
      user.forgottenUntilMillis = 0;
    }
    return out;
  }

  /**
   * When the state next needs the watermark; {@link #NEVER} when it is empty. Closed impressions
   * share one deadline, the last one: all that is left to do with them is to forget them, which
   * every transition does in passing.
   */
  public long nextDeadline(UserImpressions user) {
    long next = NEVER;
    long lastClosed = NEVER;
    for (OpenImpression impression : user.impressions) {
      if (!impression.closed) {
        next = Math.min(next, rules.windowEnd(impression));
      } else {
        long kept = rules.knownUntil(impression);
        lastClosed = lastClosed == NEVER ? kept : Math.max(lastClosed, kept);
      }
    }
    for (Waiting waiting : user.waiting) {
      next = Math.min(next, waiting.engagement().timeMillis() + rules.windowMillis());
    }
    if (user.forgottenUntilMillis != 0) {
      next = Math.min(next, user.forgottenUntilMillis + rules.horizonMillis());
    }
    if (user.kept > 0) {
      next = Math.min(next, user.keptDueMillis);
    }
    return Math.min(next, lastClosed);
  }

  /** The impression, taken back if it was put aside; null when it is not known (any more). */
  private @Nullable OpenImpression find(UserImpressions user, String id, long watermark) {
    OpenImpression open = user.find(id);
    return open != null ? open : keeper.takeBack(user, id, watermark);
  }

  private void close(UserImpressions user, OpenImpression impression, JoinOutcome out) {
    impression.closed = true;
    out.close();
    List<LabelFact.Value> negatives = new ArrayList<>();
    for (int task = 0; task < rules.tasks().size(); task++) {
      Task.Kind kind = rules.tasks().get(task).kind();
      boolean negative =
          switch (kind) {
            case CLICK -> !impression.clicked();
            case STAY -> !impression.stayed();
            case CONVERSION ->
                (impression.clicked() || !rules.clickedOnly())
                    && !conversionLabels.known(impression, task);
          };
      if (negative) {
        negatives.add(new LabelFact.Value(task, 0));
      }
    }
    if (!negatives.isEmpty()) {
      out.labels()
          .add(
              new LabelFact(
                  impression.id,
                  impression.timeMillis,
                  LabelKind.WINDOW_CLOSE,
                  negatives,
                  rules.windowEnd(impression),
                  null,
                  false,
                  false));
    }
    for (Waiting waiting : takeWaiting(user, impression.id)) {
      place(user, impression, waiting, out);
    }
  }

  /** An engagement meets its impression. */
  private void place(
      UserImpressions user, OpenImpression impression, Waiting arrived, JoinOutcome out) {
    Engagement engagement = arrived.engagement();
    if (engagement.timeMillis() < impression.timeMillis) {
      out.refuse(
          engagement,
          Reason.BEFORE_IMPRESSION,
          "eventTimeMillis: "
              + engagement.timeMillis()
              + " - lies before its impression, shown at "
              + impression.timeMillis);
      return;
    }
    switch (engagement.kind()) {
      case CLICK -> placeClick(impression, arrived, out);
      case STAY -> placeStay(impression, arrived, out);
      case CONVERSION -> placeConversion(user, impression, arrived, out);
    }
  }

  private void placeClick(OpenImpression impression, Waiting arrived, JoinOutcome out) {
    Engagement click = arrived.engagement();
    if (click.timeMillis() > rules.windowEnd(impression)
        || (impression.closed && !impression.clicked())) {
      out.refuseLate(click, Reason.LATE_CLICK, impression, rules.windowEnd(impression));
      return;
    }
    boolean revision = impression.clicked();
    if (revision && (impression.closed || click.timeMillis() >= impression.clickMillis)) {
      out.repeat();
      return;
    }
    List<ConversionLabels.Label> before = conversionLabels.of(impression);
    impression.clickMillis = click.timeMillis();
    impression.clickLate = arrived.late();
    out.match();
    emit(out, impression, LabelKind.CLICK, valuesOf(Task.Kind.CLICK, 1), arrived, revision);
    emitConversions(out, impression, before, click);
  }

  private void placeStay(OpenImpression impression, Waiting arrived, JoinOutcome out) {
    Engagement stay = arrived.engagement();
    if (stay.timeMillis() > rules.windowEnd(impression)
        || (impression.closed && !impression.stayed())) {
      out.refuseLate(stay, Reason.LATE_STAY, impression, rules.windowEnd(impression));
      return;
    }
    boolean revision = impression.stayed();
    if (revision
        && (impression.closed
            || stay.timeMillis() > impression.stayedAtMillis
            || (stay.timeMillis() == impression.stayedAtMillis
                && stay.stayMillis() >= impression.stayMillis))) {
      out.repeat();
      return;
    }
    impression.stayedAtMillis = stay.timeMillis();
    impression.stayMillis = stay.stayMillis();
    impression.stayLate = arrived.late();
    out.match();
    List<LabelFact.Value> values = valuesOf(Task.Kind.STAY, (double) stay.stayMillis());
    emit(out, impression, LabelKind.STAY, values, arrived, revision);
  }

  private void placeConversion(
      UserImpressions user, OpenImpression impression, Waiting arrived, JoinOutcome out) {
    Engagement conversion = arrived.engagement();
    FirstConversion first = impression.conversion(conversion.conversionType());
    if (conversion.timeMillis() > rules.horizonEnd(impression)) {
      out.refuseLate(conversion, Reason.LATE_CONVERSION, impression, rules.horizonEnd(impression));
    } else if (!impression.closed && conversion.timeMillis() > rules.windowEnd(impression)) {
      await(user, arrived, out); // a correction, once the negative is out
    } else if (impression.closed
        && !rules.retained(impression)
        && (first == null || conversion.timeMillis() > rules.windowEnd(impression))) {
      out.refuseLate(conversion, Reason.LATE_CONVERSION, impression, rules.windowEnd(impression));
    } else if (first != null
        && (conversion.timeMillis() >= first.timeMillis()
            || (impression.closed && !first.afterClose()))) {
      out.repeat();
    } else {
      List<ConversionLabels.Label> before = conversionLabels.of(impression);
      impression.putConversion(
          new FirstConversion(
              conversion.conversionType(),
              conversion.timeMillis(),
              arrived.late(),
              impression.closed));
      out.match();
      emitConversions(out, impression, before, conversion);
    }
  }

  private static void await(UserImpressions user, Waiting arrived, JoinOutcome out) {
    for (Waiting waiting : user.waiting) {
      if (waiting.engagement().repeats(arrived.engagement())) {
        out.repeat();
        return;
      }
    }
    user.waiting.add(arrived);
  }

  private static List<Waiting> takeWaiting(UserImpressions user, String impressionId) {
    if (user.waiting.isEmpty()) {
      return List.of();
    }
    List<Waiting> taken = new ArrayList<>();
    for (Iterator<Waiting> all = user.waiting.iterator(); all.hasNext(); ) {
      Waiting waiting = all.next();
      if (waiting.engagement().impressionId().equals(impressionId)) {
        taken.add(waiting);
        all.remove();
      }
    }
    taken.sort(BY_CONTENT);
    return taken;
  }

  private List<LabelFact.Value> valuesOf(Task.Kind kind, double value) {
    List<LabelFact.Value> values = new ArrayList<>(1);
    for (int task = 0; task < rules.tasks().size(); task++) {
      if (rules.tasks().get(task).kind() == kind) {
        values.add(new LabelFact.Value(task, value));
      }
    }
    return values;
  }

  private static void emit(
      JoinOutcome out,
      OpenImpression impression,
      LabelKind kind,
      List<LabelFact.Value> values,
      Waiting cause,
      boolean revision) {
    out.labels()
        .add(
            new LabelFact(
                impression.id,
                impression.timeMillis,
                kind,
                values,
                cause.engagement().timeMillis(),
                cause.engagement().source().appendTimeMillis(),
                cause.late(),
                revision));
  }

  /** Emits what the conversion labels are now and were not before. */
  private void emitConversions(
      JoinOutcome out,
      OpenImpression impression,
      List<ConversionLabels.Label> before,
      Engagement cause) {
    List<ConversionLabels.Label> after = conversionLabels.of(impression);
    for (ConversionLabels.Label label : after) {
      ConversionLabels.Label old = ConversionLabels.find(before, label.task());
      if (old == null || label.timeMillis() < old.timeMillis()) {
        out.labels()
            .add(
                new LabelFact(
                    impression.id,
                    impression.timeMillis,
                    label.kind(),
                    List.of(new LabelFact.Value(label.task(), 1)),
                    label.timeMillis(),
                    cause.source().appendTimeMillis(),
                    label.late(),
                    old != null));
      }
    }
  }
}
