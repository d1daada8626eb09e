package io.tagstream.ingestion.join;

import io.tagstream.ingestion.ConversionSpace;
import io.tagstream.schemas.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Random events of one user, and a play of them through the join by way of packed bytes. */
final class JoinScenario {

  static final long START = 1_700_000_000_000L;
  static final long MINUTE = 60_000;
  static final long BOUND = 5_000;
  static final RecordSource SOURCE = new RecordSource("clicks", 3, 17, START);
  static final List<Task> TASKS =
      List.of(
          Task.click("click"),
          Task.conversion("buy", Set.of("purchase", "subscribe")),
          Task.stay("stay"),
          Task.conversion("like", Set.of("like", "subscribe")));

  final List<Shown> shown = new ArrayList<>();
  final List<Engagement> engagements = new ArrayList<>();

  static JoinRules rules(ConversionSpace space) {
    return new JoinRules(10 * MINUTE, 120 * MINUTE, space, TASKS);
  }

  /** A few hours of a user who repeats, strays, and comes too late. */
  static JoinScenario random(Random random, int impressions) {
    JoinScenario all = new JoinScenario();
    for (int i = 0; i < impressions; i++) {
      String id = "i" + i;
      long t = START + random.nextInt((int) (180 * MINUTE));
      all.shown.add(new Shown(id, t, 31L * i));
      for (int n = random.nextInt(5) - 2; n > 0; n--) {
        all.engagements.add(Engagement.click(id, t + within(random, 14 * MINUTE), SOURCE));
      }
      for (int n = random.nextInt(4) - 1; n > 0; n--) {
        long at = t + within(random, 12 * MINUTE);
        all.engagements.add(Engagement.stay(id, at, random.nextInt(3), SOURCE));
      }
      for (int n = random.nextInt(6) - 2; n > 0; n--) {
        long span = random.nextBoolean() ? 12 * MINUTE : 150 * MINUTE;
        String type = List.of("purchase", "subscribe", "like").get(random.nextInt(3));
        all.engagements.add(Engagement.conversion(id, t + within(random, span), type, 1, SOURCE));
      }
      if (random.nextInt(10) == 0) {
        all.engagements.add(Engagement.click(id, t - 1 - within(random, 3 * MINUTE), SOURCE));
        all.engagements.add(Engagement.click("nobody" + i, t, SOURCE));
      }
    }
    return all;
  }

  /** Often zero: logs exist whose engagements carry their impression's time. */
  private static long within(Random random, long span) {
    return random.nextInt(4) == 0 ? 0 : random.nextInt((int) span);
  }

  /** Every event once, some twice or thrice, in an order that the bound allows. */
  List<Object> arrivals(Random random, long disorder) {
    record Arrival(Object event, long at) {}
    List<Arrival> arrivals = new ArrayList<>();
    List<Object> events = new ArrayList<>(shown);
    events.addAll(engagements);
    for (Object event : events) {
      for (int n = 1 + random.nextInt(12) / 10; n > 0; n--) {
        arrivals.add(new Arrival(event, time(event) + random.nextInt((int) disorder)));
      }
    }
    java.util.Collections.shuffle(arrivals, random); // ties come in any order
    arrivals.sort(java.util.Comparator.comparingLong(Arrival::at));
    return arrivals.stream().map(Arrival::event).toList();
  }

  static long time(Object event) {
    return event instanceof Shown one ? one.timeMillis() : ((Engagement) event).timeMillis();
  }

  /** Plays events through a join; the state is packed and unpacked around every transition. */
  static final class Play {
    final LabelJoin join;
    final boolean timely;
    final Map<NaiveJoin.Key, NaiveJoin.Said> emissions = new HashMap<>();
    final List<LabelFact> facts = new ArrayList<>();
    final List<Refusal> refusals = new ArrayList<>();
    final MapKeptImpressions kept = new MapKeptImpressions();
    byte[] state;
    long watermark = Long.MIN_VALUE;
    long entered;
    long accounted;

    /** A play. */
    Play(JoinRules rules, boolean timely) {
      this.join = new LabelJoin(rules, kept);
      this.timely = timely;
    }

    void arrive(Object event) {
      entered++;
      UserImpressions user = UserImpressions.decode(state);
      JoinOutcome out =
          event instanceof Shown one
              ? join.show(user, one, watermark)
              : join.engage(user, (Engagement) event, watermark);
      take(user, out);
    }

    /**
     * Moves time; only a timely play lets the timer fire, the others leave it to the next event.
     */
    void advance(long to) {
      watermark = Math.max(watermark, to);
      UserImpressions user = UserImpressions.decode(state);
      if (timely && join.nextDeadline(user) <= watermark) {
        take(user, join.advance(user, watermark));
      }
    }

    void finish() {
      for (int round = 0; state != null && round < 1000; round++) {
        UserImpressions user = UserImpressions.decode(state);
        watermark = Math.max(watermark, join.nextDeadline(user));
        take(user, join.advance(user, watermark));
      }
    }

    private void take(UserImpressions user, JoinOutcome out) {
      state = user.encode();
      facts.addAll(out.labels());
      refusals.addAll(out.refusals());
      accounted += out.matched() + out.duplicates() + out.closed() + out.refusals().size();
      if (entered != accounted + user.open()) {
        throw new AssertionError(
            entered + " records entered, " + accounted + " accounted for, open " + user.open());
      }
      for (LabelFact fact : out.labels()) {
        NaiveJoin.Key key =
            new NaiveJoin.Key(
                fact.impressionId(),
                fact.kind(),
                fact.labels().stream().map(LabelFact.Value::task).toList());
        NaiveJoin.Said said =
            new NaiveJoin.Said(
                fact.timeMillis(), fact.labels().stream().map(LabelFact.Value::value).toList());
        NaiveJoin.Said before = emissions.put(key, said);
        if (fact.revision() != (before != null)) {
          throw new AssertionError("revision without emission, or emission repeated: " + fact);
        }
      }
    }
  }
}
