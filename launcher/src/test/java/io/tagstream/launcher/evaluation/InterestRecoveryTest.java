package io.tagstream.launcher.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.launcher.evaluation.InterestRecovery.Recovery;
import io.tagstream.launcher.world.InterestTruth;
import io.tagstream.launcher.world.PlantedTruth;
import io.tagstream.launcher.world.PlantedWorld;
import io.tagstream.launcher.world.PlantedWorldConfig;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InterestRecoveryTest {

  private static final InterestTruth TRUTH =
      new InterestTruth() {
        @Override
        public Iterable<String> userIds() {
          return List.of("u1", "u2", "u3");
        }

        @Override
        public Set<String> trueInterests(String userId, long eventTimeMillis) {
          return userId.equals("u1") ? Set.of("a", "b", "z") : Set.of("c", "y");
        }
      };

  private int impressions;

  @Test
  void byHand() {
    InterestRecovery recovery = new InterestRecovery(TRUTH, 0.5, Duration.ofDays(1));
    // Clicks: p 3, q 2, r 2, s 2, t 2, a 1, c 1: popularity's five are p, q, r, s, t.
    show(recovery, "u1", true, "p", "q", "r", "s", "t");
    show(recovery, "u1", true, "p", "q", "r", "s", "t");
    show(recovery, "u1", true, "a", "p");
    show(recovery, "u2", true, "c");
    show(recovery, "u2", false, "y");
    Recovery got = recovery.score(Map.of("u1", List.of("a", "b", "z", "p", "q", "y")), 0);
    assertThat(got.users()).isEqualTo(2); // u3 saw nothing
    assertThat(got.usersWithProfile()).isEqualTo(1);
    assertThat(got.popularityAt5()).isZero();
    assertThat(got.recoveredInterestsAt5()).isEqualTo((3.0 / 5 + 0) / 2);
    // u1: p, q, r, s, t are ahead of a; u2: c first, then popularity.
    assertThat(got.smoothedCountsAt5()).isEqualTo((0 + 1.0 / 5) / 2);
  }

  @Test
  void aShortProfileIsFilledWithPopularTags() {
    InterestRecovery recovery = new InterestRecovery(TRUTH, 1, Duration.ofDays(1));
    show(recovery, "u1", true, "a", "b");
    assertThat(recovery.score(Map.of("u1", List.of("z")), 0).recoveredInterestsAt5())
        .isEqualTo(3.0 / 5);
  }

  @Test
  void beforeTheFirstEventEverythingIsZero() {
    assertThat(new InterestRecovery(TRUTH).score(Map.of(), 0))
        .isEqualTo(new Recovery(0, 0, 0, 0, 0));
    assertThatThrownBy(() -> new InterestRecovery(TRUTH, -1, Duration.ofDays(1)))
        .hasMessageStartingWith("evaluation.smoothing: -1.0");
  }

  @Test
  void inThePlantedWorldCountsRecoverMuchMoreThanPopularityAndTheTruthAll() {
    PlantedWorldConfig config = PlantedWorldConfig.defaults(3).withUsers(200);
    PlantedTruth truth = new PlantedTruth(config);
    InterestRecovery recovery = new InterestRecovery(truth);
    PlantedWorld world = new PlantedWorld(config);
    long newest = 0;
    for (int i = 0; i < 40_000; i++) {
      WorldEvent event = world.next();
      newest = Math.max(newest, event.eventTimeMillis());
      recovery.observe(event);
    }
    Map<String, List<String>> perfect = new HashMap<>();
    for (String userId : truth.userIds()) {
      perfect.put(userId, List.copyOf(truth.trueInterests(userId, newest)));
    }
    Recovery got = recovery.score(perfect, newest);
    assertThat(got.users()).isEqualTo(200);
    assertThat(got.recoveredInterestsAt5()).isEqualTo(1);
    assertThat(got.popularityAt5()).isLessThan(0.15);
    assertThat(got.smoothedCountsAt5()).isBetween(0.35, 0.8);
  }

  private void show(InterestRecovery recovery, String userId, boolean click, String... tags) {
    String id = "i" + impressions++;
    Impression impression =
        Impression.newBuilder()
            .setUserId(userId)
            .setImpressionId(id)
            .setItemId("v")
            .setEventTimeMillis(10)
            .setTags(List.of(tags))
            .build();
    recovery.observe(new WorldEvent(Topic.IMPRESSIONS, userId, 10, impression));
    if (click) {
      recovery.observe(new WorldEvent(Topic.CLICKS, userId, 11, new Click(userId, id, 11L)));
    }
  }
}
