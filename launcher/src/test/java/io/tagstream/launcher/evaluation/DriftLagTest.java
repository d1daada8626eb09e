package io.tagstream.launcher.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.world.Drift;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DriftLagTest {

  private static final List<Drift> DRIFTS =
      List.of(
          new Drift("u1", Set.of("a", "b"), 100, Long.MAX_VALUE),
          new Drift("u1", Set.of("c"), 150, 240),
          new Drift("u2", Set.of("d"), 100, Long.MAX_VALUE),
          new Drift("u3", Set.of("e"), 900, Long.MAX_VALUE));

  private final DriftLag lag = new DriftLag(DRIFTS, 500);

  @Test
  void aDriftIsFollowedWhenTheFirstTagsHoldOneOfTheTopic() {
    look(90, Map.of("u1", List.of("a"), "u2", List.of("x")));
    show("u1", 99, 100, 120, 160);
    look(200, Map.of("u1", List.of("x", "b")));
    show("u1", 210, 250);
    look(300, Map.of("u1", List.of("c"), "u2", List.of("y")));
    show("u2", 310, 490, 510);
    look(500, Map.of());
    lag.end();
    // u1 is followed at 200, after impressions at 100, 120 and 160. c was liked up to 240 and came
    // after that. u2 is never followed, u3 drifts after the end.
    assertThat(lag.millis().size()).isEqualTo(3);
    assertThat(lag.millis().within(99)).isZero();
    // c left the watch after 90, so two were watched at 100.
    assertThat(lag.millis().within(100)).isEqualTo(0.5);
    assertThat(lag.millis().within(400)).isEqualTo(0.5);
    assertThat(lag.impressions().within(2)).isZero();
    // Watched for 3 impressions (followed), 2 (c: at 160 and 210) and 2 (u2).
    assertThat(lag.impressions().within(3)).isEqualTo(1);
    assertThat(lag.impressions().median()).isEqualTo(3);
  }

  @Test
  void aTagThatStoodThereBeforeFollowsAtTheNextLook() {
    look(100, Map.of("u2", List.of("d")));
    assertThat(lag.millis().median()).isZero();
    assertThat(lag.impressions().median()).isZero();
  }

  private void show(String userId, long... times) {
    for (long time : times) {
      lag.impression(userId, time);
    }
  }

  private void look(long time, Map<String, List<String>> tops) {
    lag.look(time, user -> tops.getOrDefault(user, List.of()));
  }
}
