package io.tagstream.launcher.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlantedWorldConfigTest {

  @Test
  void defaultsAreAsDocumented() {
    PlantedWorldConfig config = PlantedWorldConfig.defaults(1);
    assertThat(config)
        .isEqualTo(
            new PlantedWorldConfig(
                "",
                1,
                500,
                60,
                4,
                3_000,
                3,
                2_000,
                600,
                1_735_689_600_000L,
                Duration.ofHours(48),
                Duration.ofHours(24),
                Duration.ofSeconds(2),
                new EventMix(55, 15, 27, 3)));
    assertThat(config.withUsers(9).users()).isEqualTo(9);
    assertThat(config.withRate(5, 6).eventsPerSecond()).isEqualTo(5);
    assertThat(config.withRate(5, 6).speedup()).isEqualTo(6);
  }

  @Test
  void refusalsNameTheirSetting() {
    PlantedWorldConfig config = PlantedWorldConfig.defaults(1);
    assertThatThrownBy(() -> config.withUsers(0)).hasMessage("world.users: 0 - must be at least 1");
    assertThatThrownBy(() -> config.withRate(0, 600))
        .hasMessageStartingWith("world.events-per-second: 0.0");
    assertThatThrownBy(() -> config.withRate(1, Double.NaN))
        .hasMessageStartingWith("world.speedup: NaN");
    assertThatThrownBy(() -> new EventMix(10, 6, 5, 1))
        .hasMessageStartingWith("world.mix: 10.0/6.0");
  }

  @Test
  void unknownUsersAreRefused() {
    PlantedTruth truth = new PlantedTruth(PlantedWorldConfig.defaults(1).withUsers(3));
    for (String userId : new String[] {"u3", "x", "", "u", "u-1", "u01"}) {
      assertThatThrownBy(() -> truth.trueInterests(userId, PlantedWorldConfig.DEFAULT_START))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("u0 to u2");
    }
  }
}
