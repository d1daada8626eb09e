package io.tagstream.profile.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProfileVersionTest {

  @Test
  void followsTheClockAndNeverGoesBack() {
    assertThat(ProfileVersion.next(0, 1_000)).isEqualTo(1_000L << 16);
    assertThat(ProfileVersion.next(1_000L << 16, 1_000)).isEqualTo((1_000L << 16) + 1);
    assertThat(ProfileVersion.next(5_000L << 16, 1_000)).isEqualTo((5_000L << 16) + 1);
  }

  @Test
  void leavesRoomForThePresent() {
    assertThat(ProfileVersion.next(0, 4_102_444_800_000L)).isPositive(); // the year 2100
  }
}
