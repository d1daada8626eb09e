package io.tagstream.ingestion.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.ingestion.ConversionSpace;
import io.tagstream.ingestion.join.JoinScenario.Play;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Laws of the join over random users; the seed is in every message. */
class LabelJoinLawTest {

  private static final long SEED = 20260117;

  @ParameterizedTest
  @EnumSource
  void anyOrderWithinTheBoundSaysWhatAllEventsTogetherSay(ConversionSpace space) {
    JoinRules rules = JoinScenario.rules(space);
    long played = 0;
    for (int run = 0; played < 120_000; run++) {
      Random random = new Random(SEED + run);
      JoinScenario events = JoinScenario.random(random, 1 + random.nextInt(30));
      NaiveJoin naive = new NaiveJoin(rules, events.shown, events.engagements);
      for (boolean timely : new boolean[] {true, false}) {
        List<Object> arrivals = events.arrivals(random, JoinScenario.BOUND);
        Play play = play(rules, timely, arrivals);
        played += arrivals.size();
        String which = "seed " + SEED + ", run " + run + ", timely " + timely;
        assertThat(play.emissions).as(which).isEqualTo(naive.emissions);
        assertThat(refused(naive, events, play)).as(which).isEqualTo(naive.refused);
        assertThat(play.facts).as(which).noneMatch(LabelFact::late);
        assertThat(play.state).as(which + ": state at the end").isNull();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutBoundEverythingIsStillAccountedForAndSaidOnce(ConversionSpace space) {
    JoinRules rules = JoinScenario.rules(space);
    for (int run = 0; run < 50; run++) {
      Random random = new Random(SEED + run);
      JoinScenario events = JoinScenario.random(random, 1 + random.nextInt(80));
      Play play =
          play(rules, random.nextBoolean(), events.arrivals(random, 40 * JoinScenario.MINUTE));
      // The play itself checks balance and single emission after every step.
      assertThat(play.state).as("seed %d, run %d", SEED, run).isNull();
      assertThat(play.facts).as("seed %d, run %d", SEED, run).isNotEmpty();
      for (LabelFact fact : play.facts) {
        assertThat(fact.timeMillis()).isGreaterThanOrEqualTo(fact.impressionTimeMillis());
      }
    }
  }

  private static Play play(JoinRules rules, boolean timely, List<Object> arrivals) {
    Play play = new Play(rules, timely);
    long newest = Long.MIN_VALUE;
    for (Object event : arrivals) {
      play.arrive(event);
      newest = Math.max(newest, JoinScenario.time(event));
      play.advance(newest - JoinScenario.BOUND - 1);
    }
    play.finish();
    return play;
  }

  private static Set<NaiveJoin.Refused> refused(NaiveJoin naive, JoinScenario events, Play play) {
    Map<String, Shown> byId = new HashMap<>();
    events.shown.forEach(one -> byId.put(one.impressionId(), one));
    Set<NaiveJoin.Refused> refused = new HashSet<>();
    for (Refusal refusal : play.refusals) {
      Engagement engagement = refusal.engagement();
      if (engagement == null) { // a repeated impression that came when the first was gone
        assertThat(refusal.reason()).isEqualTo(Refusal.Reason.LATE_IMPRESSION);
      } else {
        refused.add(
            naive.refused(byId.get(engagement.impressionId()), engagement, refusal.reason()));
      }
    }
    return refused;
  }
}
