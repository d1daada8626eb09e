package io.tagstream.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProfileConfigTest {

  @Test
  void defaultsAreAsDocumented() {
    assertThat(ProfileConfig.defaults())
        .isEqualTo(new ProfileConfig(10, 0.01f, Duration.ofSeconds(1), 16, Set.of(), Set.of()));
  }

  @Test
  void everyRefusalNamesItsSetting() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new ProfileConfig(0, 0, second, 1, Set.of(), Set.of()))
        .hasMessage("profiles.top-k: 0 - must be at least 1");
    assertThatThrownBy(() -> new ProfileConfig(1, Float.NaN, second, 1, Set.of(), Set.of()))
        .hasMessage("profiles.score-threshold: NaN - must be between 0 and 1");
    assertThatThrownBy(() -> new ProfileConfig(1, 1.5f, second, 1, Set.of(), Set.of()))
        .hasMessageStartingWith("profiles.score-threshold: 1.5");
    assertThatThrownBy(() -> new ProfileConfig(1, 0, second.negated(), 1, Set.of(), Set.of()))
        .hasMessageStartingWith("profiles.interval: PT-1S");
    assertThatThrownBy(() -> new ProfileConfig(1, 0, second, -1, Set.of(), Set.of()))
        .hasMessageStartingWith("profiles.max-causes: -1");
    assertThatThrownBy(() -> new ProfileConfig(1, 0, second, 1, Set.of("a"), Set.of("a", "b")))
        .hasMessageStartingWith("profiles.retired-tags: [a]");
  }
}
