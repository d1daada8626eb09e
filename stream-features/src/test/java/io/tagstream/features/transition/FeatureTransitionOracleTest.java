package io.tagstream.features.transition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.FeatureIds;
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

  /** One attribute, few clicks remembered: bounds must bite. */
  static FeaturesConfig config() {
    FeaturesConfig defaults = FeaturesConfig.defaults();
    FeaturesConfig.Fields fields = defaults.fields();
    FeaturesConfig.Credit credit = defaults.credit();
    return new FeaturesConfig(
        defaults.tasks(),
        defaults.labels(),
        new FeaturesConfig.Fields(
            List.of("city"), fields.privileged(), fields.clicked(), fields.context(), 6, 3, 2),
        new FeaturesConfig.Credit(
            credit.reading(), credit.scale(), credit.temperature(), credit.clickWindow(), 12, 16));
  }

  @Test
  void everySampleIsWhatAFullScanOfTheFactsGives() {
    System.out.println("seed " + SEED);
    FactWorld world = new FactWorld(config(), SEED).addUsers(40, 60, Duration.ofDays(45));
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
      FactWorld facts = new FactWorld(config(), SEED + world).addUsers(500, 60, MONTHS);
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
    UserTable table = new UserTable(config(), s -> assertThat(samples.put(key(s), s)).isNull());
    run(table, arrivals, 3, restartAfter);

    int compared = 0;
    Map<String, List<UserFact>> byUser = new HashMap<>();
    world
        .facts()
        .forEach(
            f ->
                byUser.computeIfAbsent(f.fact().getUserId(), u -> new ArrayList<>()).add(f.fact()));
    for (List<UserFact> facts : byUser.values()) {
      NaiveFeatures naive = new NaiveFeatures(config(), facts);
      for (Opened shown : naive.opened()) {
        boolean first = true;
        for (LabeledImpression emission : naive.emissions(shown)) {
          TrainingSample sample =
              samples.get(shown.getImpressionId() + "/" + emission.getEmission());
          check(naive, shown, emission, first, sample);
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
    FactWorld world = new FactWorld(config(), SEED).addUsers(1_350, 48, Duration.ofDays(40));
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
            config(),
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

  private static void check(
      NaiveFeatures naive,
      Opened shown,
      LabeledImpression emission,
      boolean first,
      TrainingSample sample) {
    assertThat(sample).as(shown.getImpressionId() + "/" + emission.getEmission()).isNotNull();
    String as = key(sample);
    assertThat(sample.getUserId()).isEqualTo(shown.getUserId());
    assertThat(sample.getItemId()).isEqualTo(shown.getItemId());
    assertThat(sample.getImpressionTimeMillis()).isEqualTo(shown.getImpressionTimeMillis());
    assertThat(sample.getKnownAtMillis()).as(as).isEqualTo(emission.getEventTimeMillis());
    assertThat(sample.getFirst()).as(as).isEqualTo(first);
    assertThat(sample.getLate()).isFalse();
    assertThat(sample.getTags()).isEqualTo(shown.getTags());
    List<Long> ids = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    for (List<Long> field : naive.userFields(shown)) {
      lengths.add(field.size());
      ids.addAll(field);
    }
    assertThat(sample.getUserFields().getLengths()).as(as).isEqualTo(lengths);
    assertThat(sample.getUserFields().getIds()).as(as).isEqualTo(ids);
    String creator = shown.getPrivileged().get("creator");
    assertThat(sample.getPrivileged().getLengths()).isEqualTo(List.of(1, creator == null ? 0 : 1));
    assertThat(sample.getPrivileged().getIds().get(0))
        .isEqualTo(FeatureIds.of("item.category", shown.getPrivileged().get("category")));
    double[] weights = naive.weights(shown);
    for (int tag = 0; tag < weights.length; tag++) {
      assertThat((double) sample.getTagWeights().get(tag))
          .as(as)
          .isCloseTo(weights[tag], within(1e-5));
    }
    for (int task = 0; task < 3; task++) {
      double label = naive.label(emission, task);
      boolean correction = emission.getEmission() == Emission.CORRECTION;
      assertThat(sample.getLabelled().get(task)).as(as).isEqualTo(!Double.isNaN(label));
      assertThat((double) sample.getLabels().get(task))
          .isEqualTo(Double.isNaN(label) ? 0 : (float) label);
      assertThat(correction && task < 2 && sample.getLabelled().get(task)).isFalse();
      double pseudoLabel = naive.pseudoLabel(shown, task);
      assertThat(sample.getPseudoLabelled().get(task)).as(as).isEqualTo(!Double.isNaN(pseudoLabel));
      if (!Double.isNaN(pseudoLabel)) {
        assertThat((double) sample.getPseudoLabels().get(task))
            .isCloseTo(pseudoLabel, within(1e-7));
      }
    }
  }
}
