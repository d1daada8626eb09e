package io.tagstream.features.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.stay.EventHour;
import io.tagstream.features.stay.NaiveStays;
import io.tagstream.features.stay.StayEdges;
import io.tagstream.features.transition.FactWorld;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.TrainingSample;
import io.tagstream.schemas.codec.SingleObjectCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Samples whose stay labels lie in counted bins are a function of the facts. */
@SuppressWarnings("try") // Flink's harness declares close() throws Exception
class CountedStaysTest {

  private static final long SEED = 20_260_201L;
  private static final int BINS = 5;
  private static final int HISTORY_HOURS = 12;
  private static final int STAY = 1;

  private static final FeaturesConfig CONFIG = config();

  private final SingleObjectCodec<TrainingSample> codec =
      new SingleObjectCodec<>(TrainingSample.class);

  @Test
  void anyOrderParallelismAndRestartGivesTheSamplesOfTheOrderedFacts() throws Exception {
    System.out.println("seed " + SEED);
    FactWorld world = new FactWorld(CONFIG, SEED).addUsers(30, 60, Duration.ofHours(60));
    Map<String, ByteBuffer> ordered = play(world.inOrder(), SEED, List.of(1), 1);
    assertThat(ordered).hasSizeGreaterThan(2_000);
    compareWithTheOracle(world, ordered);
    for (int run = 1; run <= 4; run++) {
      List<FactWorld.Timed> arrivals = world.arrivals(SEED + run);
      assertThat(play(arrivals, SEED + run, List.of(run), 5)).as("run %d", run).isEqualTo(ordered);
      assertThat(play(arrivals, SEED - run, List.of(2, 2, 3, 1, 4), 40 * run))
          .as("restarted and rescaled run %d", run)
          .isEqualTo(ordered);
    }
  }

  @Test
  void theEndOfTheInputLabelsWhatIsKnownByTheSameBins() throws Exception {
    System.out.println("seed " + SEED);
    FactWorld world = new FactWorld(CONFIG, SEED).addUsers(30, 60, Duration.ofHours(60));
    List<TrainingSample> samples = new ArrayList<>();
    try (CountedStage stage =
        new CountedStage(CONFIG, 2, SEED, null, each -> keep(each, samples))) {
      for (FactWorld.Timed fact : world.arrivals(SEED)) {
        stage.put(fact.fact());
      }
      stage.advanceTo(Long.MAX_VALUE);
      stage.deliverAll();
      assertThat(stage.waitingStays()).isZero();
    }
    Map<String, ByteBuffer> stays = new HashMap<>();
    samples.forEach(sample -> stays.put(key(sample), ByteBuffer.wrap(codec.encode(sample))));
    compareWithTheOracle(world, stays);
  }

  /** Plays the facts on a stage after the other, each restored from the last one's savepoint. */
  private Map<String, ByteBuffer> play(
      List<FactWorld.Timed> arrivals, long seed, List<Integer> parallelisms, int everyFacts)
      throws Exception {
    List<TrainingSample> samples = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    CountedStage.Savepoint savepoint = null;
    long latest = Long.MIN_VALUE;
    for (int part = 0; part < parallelisms.size(); part++) {
      try (CountedStage stage =
          new CountedStage(
              CONFIG, parallelisms.get(part), seed + part, savepoint, s -> keep(s, samples))) {
        int from = part * arrivals.size() / parallelisms.size();
        int to = (part + 1) * arrivals.size() / parallelisms.size();
        for (FactWorld.Timed fact : arrivals.subList(from, to)) {
          stage.put(fact.fact());
          latest = Math.max(latest, fact.timeMillis());
          if (random.nextInt(everyFacts) == 0) {
            stage.advanceTo(latest - FactWorld.BOUND_MILLIS - 1);
          }
        }
        if (part == parallelisms.size() - 1) {
          stage.advanceTo(latest + Duration.ofDays(8).toMillis());
        }
        savepoint = stage.savepoint();
        if (part == parallelisms.size() - 1) {
          assertThat(stage.waitingStays()).isZero();
        }
      }
    }
    Map<String, ByteBuffer> bytes = new HashMap<>();
    for (TrainingSample sample : samples) {
      assertThat(bytes.put(key(sample), ByteBuffer.wrap(codec.encode(sample)))).isNull();
      assertThat(sample.getLate()).isFalse();
    }
    return bytes;
  }

  private static void keep(LearnerInput output, List<TrainingSample> samples) {
    if (output.getBody() instanceof TrainingSample sample) {
      samples.add(sample);
    }
  }

  /** The label of each stay, by sorting all stays of the hours that decide on it. */
  private void compareWithTheOracle(FactWorld world, Map<String, ByteBuffer> samples)
      throws Exception {
    List<LabeledImpression> stays =
        world.facts().stream()
            .map(timed -> timed.fact().getFact())
            .filter(LabeledImpression.class::isInstance)
            .map(LabeledImpression.class::cast)
            .filter(labels -> labels.getEmission() == Emission.STAY)
            .toList();
    NaiveStays naive =
        new NaiveStays(
            stays.stream()
                .map(
                    stay ->
                        new NaiveStays.Told(EventHour.of(stay.getEventTimeMillis()), length(stay)))
                .toList());
    StayEdges configured = edges(CONFIG.labels().stays().edges());
    int counted = 0;
    int differing = 0;
    for (LabeledImpression stay : stays) {
      TrainingSample sample =
          codec.decode(samples.get(stay.getImpressionId() + "/" + Emission.STAY).array());
      List<Long> edges =
          naive.edges(EventHour.of(stay.getImpressionTimeMillis()), BINS, HISTORY_HOURS);
      StayEdges expected = edges.isEmpty() ? configured : new StayEdges(edges);
      assertThat(sample.getLabels().get(STAY))
          .as(stay.getImpressionId())
          .isEqualTo(expected.label(length(stay)));
      counted += edges.isEmpty() ? 0 : 1;
      differing += expected.label(length(stay)) == configured.label(length(stay)) ? 0 : 1;
    }
    assertThat(counted).as("labels by counted bins").isBetween(500, stays.size() - 1);
    assertThat(differing).as("labels that the configured bins give otherwise").isGreaterThan(300);
  }

  private static StayEdges edges(List<Duration> edges) {
    return new StayEdges(edges.stream().map(Duration::toMillis).toList());
  }

  private static long length(LabeledImpression stay) {
    return (long) stay.getLabels().get(0).getValue();
  }

  private static String key(TrainingSample sample) {
    return sample.getImpressionId() + "/" + sample.getEmission();
  }

  static FeaturesConfig config() {
    FeaturesConfig defaults = FeaturesConfig.defaults();
    FeaturesConfig.Labels labels = defaults.labels();
    return new FeaturesConfig(
        defaults.tasks(),
        new FeaturesConfig.Labels(
            labels.window(),
            labels.attributionHorizon(),
            labels.keepSnapshots(),
            new FeaturesConfig.Stays(
                FeaturesConfig.StayBinning.QUANTILES,
                labels.stays().edges(),
                BINS,
                Duration.ofHours(HISTORY_HOURS)),
            labels.priorMeans()),
        defaults.fields(),
        defaults.credit());
  }
}
