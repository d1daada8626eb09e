package io.tagstream.ingestion.join;

import io.tagstream.schemas.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The join as anyone would write it with all events of a user at hand: no state, no order, no
 * watermark but the last one.
 */
public final class NaiveJoin {

  /** Names an emission: conversions have one for each task. */
  public record Key(String impressionId, LabelKind kind, List<Integer> tasks) {}

  /** What an emission says in the end. */
  public record Said(long timeMillis, List<Double> values) {}

  /**
   * A refused engagement; {@code reason} is null where lateness and absence cannot be told apart.
   */
  public record Refused(
      Engagement.Kind kind,
      String impressionId,
      long time,
      String content,
      Refusal.Reason reason) {}

  final Map<Key, Said> emissions = new HashMap<>();
  final Set<Refused> refused = new HashSet<>();
  private final JoinRules rules;
  private final List<Engagement> engagements;

  /** The labels of these impressions. */
  public NaiveJoin(JoinRules rules, List<Shown> shown, List<Engagement> engagements) {
    this.rules = rules;
    this.engagements = engagements;
    Map<String, Shown> byId = new HashMap<>();
    shown.forEach(one -> byId.put(one.impressionId(), one));
    byId.values().forEach(this::label);
    for (Engagement engagement : engagements) {
      Shown its = byId.get(engagement.impressionId());
      Refusal.Reason reason =
          its == null ? Refusal.Reason.UNKNOWN_IMPRESSION : refusal(its, engagement);
      if (reason != null) {
        refused.add(refused(its, engagement, reason));
      }
    }
  }

  /** What is said in the end, by what names it. */
  public Map<Key, Said> emissions() {
    return emissions;
  }

  /** A refusal in comparable form. */
  Refused refused(Shown its, Engagement e, Refusal.Reason reason) {
    boolean blurred =
        its != null
            && e.timeMillis()
                > (retained(its) ? its.timeMillis() + rules.horizonMillis() : end(its))
                    + rules.windowMillis();
    String content = e.stayMillis() + "/" + e.conversionType() + "/" + e.worth();
    return new Refused(
        e.kind(), e.impressionId(), e.timeMillis(), content, blurred ? null : reason);
  }

  private long end(Shown one) {
    return one.timeMillis() + rules.windowMillis();
  }

  private List<Engagement> of(Shown one, Engagement.Kind kind, long from, long to) {
    List<Engagement> found = new ArrayList<>();
    for (Engagement e : engagements) {
      if (e.kind() == kind
          && e.impressionId().equals(one.impressionId())
          && e.timeMillis() >= from
          && e.timeMillis() <= to) {
        found.add(e);
      }
    }
    found.sort(
        Comparator.comparingLong(Engagement::timeMillis).thenComparing(Engagement::stayMillis));
    return found;
  }

  private List<Engagement> inWindow(Shown one, Engagement.Kind kind) {
    return of(one, kind, one.timeMillis(), end(one));
  }

  private boolean retained(Shown one) {
    return !inWindow(one, Engagement.Kind.CLICK).isEmpty()
        || (!rules.clickedOnly() && !inWindow(one, Engagement.Kind.CONVERSION).isEmpty());
  }

  private void label(Shown one) {
    List<Engagement> clicks = inWindow(one, Engagement.Kind.CLICK);
    List<Engagement> stays = inWindow(one, Engagement.Kind.STAY);
    List<Integer> negative = new ArrayList<>();
    List<Integer> clickTasks = new ArrayList<>();
    List<Integer> stayTasks = new ArrayList<>();
    for (int t = 0; t < rules.tasks().size(); t++) {
      Task task = rules.tasks().get(t);
      switch (task.kind()) {
        case CLICK -> (clicks.isEmpty() ? negative : clickTasks).add(t);
        case STAY -> (stays.isEmpty() ? negative : stayTasks).add(t);
        case CONVERSION -> {
          if (labelConversion(one, t, task, clicks)) {
            negative.add(t);
          }
        }
      }
    }
    if (!clicks.isEmpty()) {
      say(one, LabelKind.CLICK, clickTasks, clicks.get(0).timeMillis(), 1);
    }
    if (!stays.isEmpty()) {
      say(
          one,
          LabelKind.STAY,
          stayTasks,
          stays.get(0).timeMillis(),
          (double) stays.get(0).stayMillis());
    }
    if (!negative.isEmpty()) {
      say(one, LabelKind.WINDOW_CLOSE, negative, end(one), 0);
    }
  }

  /** Whether the window's end says that there was none. */
  private boolean labelConversion(Shown one, int t, Task task, List<Engagement> clicks) {
    if (rules.clickedOnly() && clicks.isEmpty()) {
      return false;
    }
    for (Engagement e : inWindow(one, Engagement.Kind.CONVERSION)) {
      if (task.conversionTypes().contains(e.conversionType())) {
        long time =
            rules.clickedOnly()
                ? Math.max(e.timeMillis(), clicks.get(0).timeMillis())
                : e.timeMillis();
        say(one, LabelKind.CONVERSION, List.of(t), time, 1);
        return false;
      }
    }
    if (retained(one)) {
      long horizon = one.timeMillis() + rules.horizonMillis();
      for (Engagement e : of(one, Engagement.Kind.CONVERSION, end(one) + 1, horizon)) {
        if (task.conversionTypes().contains(e.conversionType())) {
          say(one, LabelKind.CORRECTION, List.of(t), e.timeMillis(), 1);
          break;
        }
      }
    }
    return true;
  }

  private void say(Shown one, LabelKind kind, List<Integer> tasks, long time, double value) {
    List<Double> values = tasks.stream().map(t -> value).toList();
    emissions.put(new Key(one.impressionId(), kind, tasks), new Said(time, values));
  }

  private Refusal.Reason refusal(Shown its, Engagement e) {
    if (e.timeMillis() < its.timeMillis()) {
      return Refusal.Reason.BEFORE_IMPRESSION;
    }
    boolean afterWindow = e.timeMillis() > end(its);
    return switch (e.kind()) {
      case CLICK -> afterWindow ? Refusal.Reason.LATE_CLICK : null;
      case STAY -> afterWindow ? Refusal.Reason.LATE_STAY : null;
      case CONVERSION ->
          e.timeMillis() > its.timeMillis() + rules.horizonMillis()
                  || (afterWindow && !retained(its))
              ? Refusal.Reason.LATE_CONVERSION
              : null;
    };
  }
}
