package io.tagstream.features.transition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.UserFact;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.openhft.hashing.LongHashFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The packed machine against the naive oracle, and against itself in other orders of arrival. */
class FeatureTransitionOracleTest {

  private static final long SEED = 20_260_101L;

  /** Longer than any window, over the ends of two months. */
  private static final Duration MONTHS = Duration.ofDays(70);

  @Test
  void everySampleIsWhatAFullScanOfTheFactsGives() {
    System.out.println("seed " + SEED);
    FactWorld world =
        new FactWorld(SampleCheck.config(), SEED).addUsers(40, 60, Duration.ofDays(45));
    assertThat(comparedWithTheOracle(world, world.arrivals(SEED + 1), Integer.MAX_VALUE))
        .isGreaterThan(2_400);
  }

  @Test
  @Tag("long")
  void tenMillionEventsOverMonthsAndRestartsAreWhatAFullScanGives() {
    System.out.println("seed " + SEED);
    long events = 0;
    long samples = 0;
    for (int world = 0; events < 10_000_000; world++) {
      FactWorld facts = new FactWorld(SampleCheck.config(), SEED + world).addUsers(500, 60, MONTHS);
      List<FactWorld.Timed> arrivals = facts.arrivals(SEED - world);
      samples += comparedWithTheOracle(facts, arrivals, arrivals.size() / 7);
      events += arrivals.size();
    }
    System.out.println(events + " events, " + samples + " samples");
  }

  /** Plays the facts, starting anew now and then; gives the number of samples compared. */
  private static int comparedWithTheOracle(
      FactWorld world, List<FactWorld.Timed> arrivals, int restartAfter) {
    Map<String, TrainingSample> samples = new HashMap<>();
    UserTable table =
        new UserTable(SampleCheck.config(), s -> assertThat(samples.put(key(s), s)).isNull());
    run(table, arrivals, 3, restartAfter);

    int compared = 0;
    Map<String, List<UserFact>> byUser = new HashMap<>();
    world
        .facts()
        .forEach(
            f ->
                byUser.computeIfAbsent(f.fact().getUserId(), u -> new ArrayList<>()).add(f.fact()));
    for (List<UserFact> facts : byUser.values()) {
      NaiveFeatures naive = new NaiveFeatures(SampleCheck.config(), facts);
      for (Opened shown : naive.opened()) {
        boolean first = true;
        for (LabeledImpression emission : naive.emissions(shown)) {
          TrainingSample sample =
              samples.get(shown.getImpressionId() + "/" + emission.getEmission());
          SampleCheck.check(naive, shown, emission, first, sample);
          first = false;
          compared++;
        }
      }
    }
    assertThat(compared).isEqualTo(samples.size());
    assertThat(table.lateFacts).isZero();
    assertThat(table.unmatched).isZero();
    return compared;
  }

  @Test
  void aMillionEventsInAnyOrderWithinTheBoundGiveEqualBytes() {
    System.out.println("seed " + SEED);
    FactWorld world =
        new FactWorld(SampleCheck.config(), SEED).addUsers(1_350, 48, Duration.ofDays(40));
    int events = 0;
    Map<Long, Long> expected = new HashMap<>();
    events += digests(world.inOrder(), 1, expected);
    for (int permutation = 1; permutation <= 4; permutation++) {
      Map<Long, Long> digests = new HashMap<>(expected.size() * 2);
      events += digests(world.arrivals(SEED + permutation), 1 + permutation * 7, digests);
      assertThat(digests.equals(expected)).as("permutation %d", permutation).isTrue();
    }
    System.out.println(events + " events, " + expected.size() + " samples");
    assertThat(events).isGreaterThan(1_000_000);
  }

  private static int digests(
      List<FactWorld.Timed> arrivals, int everyEvents, Map<Long, Long> digests) {
    SingleObjectCodec<TrainingSample> codec = new SingleObjectCodec<>(TrainingSample.class);
    LongHashFunction hash = LongHashFunction.xx3();
    UserTable table =
        new UserTable(
            SampleCheck.config(),
            sample -> {
              Long before =
                  digests.put(hash.hashChars(key(sample)), hash.hashBytes(codec.encode(sample)));
              assertThat(before).as(key(sample)).isNull();
            });
    run(table, arrivals, everyEvents, Integer.MAX_VALUE);
    assertThat(table.lateFacts).isZero();
    assertThat(table.records()).as("all users expired").isEmpty();
    assertThat(table.keptImpressions()).isZero();
    assertThat(table.liveTimers()).isZero();
    assertThat(table.openSnapshots).isZero();
    return arrivals.size();
  }

  /** Plays arrivals, a watermark after every few of them, and then lets time pass. */
  static void run(
      UserTable table, List<FactWorld.Timed> arrivals, int everyEvents, int restartAfter) {
    SplittableRandom random = new SplittableRandom(everyEvents);
    long latest = Long.MIN_VALUE;
    int played = 0;
    for (FactWorld.Timed arrival : arrivals) {
      if (++played % restartAfter == 0) {
        table.restart();
      }
      table.put(arrival.fact());
      latest = Math.max(latest, arrival.timeMillis());
      if (random.nextInt(everyEvents) == 0) {
        table.advanceTo(latest - FactWorld.BOUND_MILLIS - 1);
      }
    }
    for (int day = 0; day <= 60; day++) {
      table.advanceTo(latest + Duration.ofDays(day).toMillis());
    }
  }

  static String key(TrainingSample sample) {
    return sample.getImpressionId() + "/" + sample.getEmission();
  }
}
