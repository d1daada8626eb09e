package io.tagstream.launcher.evaluation.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tagstream.launcher.evaluation.InterestRecovery;
import io.tagstream.launcher.evaluation.SurvivalCurve;
import io.tagstream.launcher.world.Drift;
import io.tagstream.launcher.world.EventSource;
import io.tagstream.launcher.world.LeadingEvents;
import io.tagstream.launcher.world.PlantedTruth;
import io.tagstream.launcher.world.PlantedWorld;
import io.tagstream.launcher.world.PlantedWorldConfig;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Impression;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PlantedTrialTest {

  private static final Duration HORIZON = Duration.ofHours(54);
  private static final Duration WARM_UP = Duration.ofHours(12);
  private static final PlantedWorldConfig WORLD =
      PlantedWorldConfig.defaults(5).withUsers(20).withRate(0.1, 1);
  private static final long START = WORLD.startMillis();
  private static final long END = START + HORIZON.toMillis();

  @Test
  void figuresEqualThoseOfANaiveRecount() {
    // Rankings that were made at each look, kept to be judged again from the end.
    Map<Long, Map<String, List<String>>> looks = new TreeMap<>();
    PlantedTrial trial = trial();
    PlantedTrial.Rankings counted = trial.counted("counts");
    Map<String, Double> figures =
        trial.run(
            events(),
            (time, clickers) -> {
              Map<String, List<String>> rankings = counted.at(time, clickers);
              looks.put(time, new HashMap<>(rankings));
              return rankings;
            },
            gone -> {});
    assertThat(looks).hasSize(54 * 6);
    PlantedTruth truth = new PlantedTruth(WORLD);
    Map<String, List<Long>> shownAt = shownAt();
    assertThat(looks.get(START + WARM_UP.toMillis()))
        .as("popularity fills in for nobody")
        .hasSize(shownAt.size());
    double sum = 0;
    for (int hour = 13; hour <= 54; hour++) {
      long time = START + Duration.ofHours(hour).toMillis();
      for (Map.Entry<String, List<String>> user : looks.get(time).entrySet()) {
        Set<String> liked = truth.trueInterests(user.getKey(), time);
        sum += user.getValue().stream().filter(liked::contains).count() / 5.0;
      }
    }
    assertThat(figures.get("recovered@5")).isCloseTo(sum / 42 / shownAt.size(), within(1e-9));
    SurvivalCurve millis = new SurvivalCurve();
    SurvivalCurve impressions = new SurvivalCurve();
    for (Drift drift : truth.drifts(END)) {
      if (drift.atMillis() >= START + WARM_UP.toMillis()) {
        long until = Math.min(drift.untilMillis(), END);
        long at =
            looks.keySet().stream()
                .filter(time -> time >= drift.atMillis() && time <= until)
                .filter(
                    time ->
                        looks.get(time).get(drift.userId()).stream()
                            .anyMatch(drift.tags()::contains))
                .findFirst()
                .orElse(-1L);
        long end = at < 0 ? until : at;
        millis.add((double) (end - drift.atMillis()), at >= 0);
        impressions.add(
            (double)
                shownAt.get(drift.userId()).stream()
                    .filter(time -> time >= drift.atMillis() && time < end)
                    .count(),
            at >= 0);
      }
    }
    assertThat(figures).containsEntry("drifts", (double) millis.size());
    assertThat(millis.size()).isGreaterThan(10);
    assertThat(figures.get("drifts followed in 24 h"))
        .isEqualTo(millis.within(24 * 3_600_000.0))
        .isPositive();
    assertThat(figures.get("median lag, impressions")).isEqualTo(impressions.median());
  }

  @Test
  void whoKnowsTheTruthRecoversAllOfItAtOnce() {
    PlantedTruth truth = new PlantedTruth(WORLD);
    Map<String, Double> figures =
        trial()
            .run(
                events(),
                (time, clickers) -> {
                  Map<String, List<String>> all = new HashMap<>();
                  for (String user : truth.userIds()) {
                    // One tag of each topic comes before the second of any.
                    List<String> liked = new ArrayList<>(truth.trueInterests(user, time));
                    List<String> tags = new ArrayList<>();
                    for (int i = 0; i < liked.size(); i++) {
                      tags.add(liked.get(i % 3 * 4 + i / 3));
                    }
                    all.put(user, tags);
                  }
                  return all;
                },
                gone -> {});
    assertThat(figures)
        .containsEntry("recovered@5", 1.0)
        .containsEntry("recovered@5 at the end", 1.0)
        .containsEntry("drifts followed in 24 h", 1.0);
    assertThat(figures.get("median lag, hours")).isBetween(0.0, 1 / 6.0);
  }

  @Test
  void countsOfTheUserComeBeforePopularity() {
    AtomicLong played = new AtomicLong();
    Map<String, Map<String, Double>> figures = new HashMap<>();
    for (String baseline : InterestRecovery.BASELINES) {
      PlantedTrial trial = trial();
      figures.put(baseline, trial.run(events(), trial.counted(baseline), played::addAndGet));
    }
    double popularity = figures.get("popularity").get("recovered@5");
    assertThat(popularity).isLessThan(0.2);
    for (String counts : List.of("counts", "decayedCounts", "smoothedCounts")) {
      assertThat(figures.get(counts).get("recovered@5")).as(counts).isGreaterThan(2 * popularity);
    }
    long events = 0;
    for (EventSource source = events(); source.hasNext(); events++) {
      source.next();
    }
    assertThat(played.get()).isEqualTo(4 * events);
  }

  @Test
  void noFolderIsTaken() {
    assertThatThrownBy(() -> new PlantedEvaluation().open(Path.of("some")))
        .hasMessage("data: some - the planted world is made, not read; leave --data out");
  }

  private static PlantedTrial trial() {
    return new PlantedTrial(WORLD, HORIZON, WARM_UP);
  }

  private static EventSource events() {
    return LeadingEvents.until(new PlantedWorld(WORLD), END);
  }

  private static Map<String, List<Long>> shownAt() {
    Map<String, List<Long>> shownAt = new HashMap<>();
    for (EventSource source = events(); source.hasNext(); ) {
      WorldEvent event = source.next();
      if (event.record() instanceof Impression impression) {
        shownAt
            .computeIfAbsent(impression.getUserId(), id -> new ArrayList<>())
            .add(impression.getEventTimeMillis());
      }
    }
    return shownAt;
  }
}
