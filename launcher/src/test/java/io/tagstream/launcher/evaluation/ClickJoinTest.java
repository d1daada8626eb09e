package io.tagstream.launcher.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClickJoinTest {

  private final List<String> seen = new ArrayList<>();
  private final ClickJoin join =
      new ClickJoin(
          1_000,
          new ClickJoin.Listener() {
            @Override
            public void shown(String userId, List<String> tags, long timeMillis) {
              seen.add("shown " + userId + tags + timeMillis);
            }

            @Override
            public void clicked(String userId, List<String> tags, long clickTimeMillis) {
              seen.add("clicked " + userId + tags + clickTimeMillis);
            }
          });

  @Test
  void repeatsCountOnce() {
    join.impression("u", "i", List.of("a"), 10);
    join.impression("u", "i", List.of("a"), 10);
    join.click("i", 20);
    join.click("i", 20);
    join.impression("u", "i", List.of("a"), 10);
    assertThat(seen).containsExactly("shown u[a]10", "clicked u[a]20");
  }

  @Test
  void aClickMayComeBeforeItsImpression() {
    join.click("i", 20);
    join.impression("u", "i", null, 10);
    join.click("i", 20);
    assertThat(seen).containsExactly("shown u[]10", "clicked u[]20");
  }

  @Test
  void afterTheHorizonAnImpressionIsForgotten() {
    join.impression("u", "i", List.of("a"), 10);
    join.click("i", 1_011);
    assertThat(seen).containsExactly("shown u[a]10");
  }
}
