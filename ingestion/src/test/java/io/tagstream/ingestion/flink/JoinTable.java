package io.tagstream.ingestion.flink;

import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.ingestion.accounting.Ledger;
import io.tagstream.ingestion.join.Engagement;
import io.tagstream.ingestion.join.JoinOutcome;
import io.tagstream.ingestion.join.JoinRules;
import io.tagstream.ingestion.join.KeptImpressions;
import io.tagstream.ingestion.join.LabelFact;
import io.tagstream.ingestion.join.LabelJoin;
import io.tagstream.ingestion.join.Refusal;
import io.tagstream.ingestion.join.UserImpressions;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserFact;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** Users' impressions with their timers: what the operator does, without Flink. */
public final class JoinTable implements KeptImpressions {

  /** Takes what the join says. */
  public interface Output {
    /** A fact, in the order it is emitted in. */
    void fact(UserFact fact);

    /** A record of this offset is refused. */
    void refused(long offset, Refusal refusal);
  }

  private record Timer(long timeMillis, String user) {}

  private final IngestionConfig config;
  private final Output out;
  private final Ledger ledger = new Ledger();
  private final Map<String, byte[]> states = new HashMap<>();
  private final Map<String, Map<String, byte[]>> kept = new HashMap<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::timeMillis));
  private final Set<Timer> live = new HashSet<>();
  private LabelJoin join;
  private JoinRecords records;
  private long watermark = Long.MIN_VALUE;
  private String user = "";

  /** A table without users. */
  public JoinTable(IngestionConfig config, Output out) {
    this.config = config;
    this.out = out;
    restart();
  }

  /** As after a restore: only what is in the state is left. */
  public void restart() {
    join = new LabelJoin(JoinRules.of(config), this);
    records = new JoinRecords(config.tasks(), config.tagSource());
  }

  /** A record that the decoder took. */
  public void put(InputRecord record) {
    ledger.enter();
    user = InputFields.userId(record);
    if (record.getBody() instanceof User attributes) {
      out.fact(new UserFact(user, attributes));
      ledger.close(1);
      return;
    }
    UserImpressions state = UserImpressions.decode(states.get(user));
    int openBefore = state.open();
    JoinOutcome outcome;
    if (record.getBody() instanceof Impression impression) {
      outcome = join.show(state, records.shown(impression), watermark);
      if (outcome.opened()) {
        out.fact(new UserFact(user, JoinRecords.opened(impression, outcome.openedLate())));
      }
    } else {
      Engagement engagement = JoinRecords.engagement(record);
      outcome = join.engage(state, engagement, watermark);
    }
    finish(state, openBefore, record.getOrigin().getOffset(), outcome);
  }

  /** Time has come so far: what is due is said. */
  public void advanceTo(long newWatermark) {
    watermark = Math.max(watermark, newWatermark);
    while (!timers.isEmpty() && timers.peek().timeMillis() <= watermark) {
      Timer timer = timers.poll();
      if (live.remove(timer)) {
        user = timer.user();
        UserImpressions state = UserImpressions.decode(states.get(user));
        if (state.timerMillis() == timer.timeMillis()) {
          state.armTimer(0);
        }
        finish(state, state.open(), -1, join.advance(state, watermark));
      }
    }
  }

  /** Where the records went. */
  public Ledger ledger() {
    return ledger;
  }

  /** Whether nobody is remembered. */
  public boolean isEmpty() {
    return states.isEmpty() && live.isEmpty() && kept.values().stream().allMatch(Map::isEmpty);
  }

  private void finish(UserImpressions state, int openBefore, long offset, JoinOutcome outcome) {
    for (LabelFact fact : outcome.labels()) {
      out.fact(new UserFact(user, records.labeled(user, fact)));
    }
    for (Refusal refusal : outcome.refusals()) {
      Engagement engagement = refusal.engagement();
      out.refused(engagement == null ? offset : engagement.source().offset(), refusal);
    }
    ledger.refuse(outcome.refusals().size());
    ledger.match(outcome.matched());
    ledger.repeat(outcome.duplicates());
    ledger.close(outcome.closed());
    ledger.openMore(state.open() - openBefore);
    long armed = state.timerMillis();
    long next = join.nextDeadline(state);
    if (armed != 0 && (state.isEmpty() || next < armed)) {
      live.remove(new Timer(armed, user));
      state.armTimer(0);
    }
    if (state.timerMillis() == 0 && next != LabelJoin.NEVER) {
      Timer timer = new Timer(next, user);
      timers.add(timer);
      live.add(timer);
      state.armTimer(next);
    }
    byte[] after = state.encode();
    if (after == null) {
      states.remove(user);
    } else {
      states.put(user, after);
    }
  }

  @Override
  public byte[] get(String impressionId) {
    return kept.getOrDefault(user, Map.of()).get(impressionId);
  }

  @Override
  public void put(String impressionId, byte[] packed) {
    kept.computeIfAbsent(user, unused -> new HashMap<>()).put(impressionId, packed);
  }

  @Override
  public void remove(String impressionId) {
    kept.get(user).remove(impressionId);
  }

  @Override
  public List<String> ids() {
    return List.copyOf(kept.getOrDefault(user, Map.of()).keySet());
  }
}
