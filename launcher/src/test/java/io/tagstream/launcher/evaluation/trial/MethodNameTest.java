package io.tagstream.launcher.evaluation.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class MethodNameTest {

  @Test
  void everyListedVariationIsASettingThatHolds() throws InvalidConfigurationException {
    for (String listed : List.of(MethodName.VARIATIONS.split(", *"))) {
      String name = "ple+" + listed.replace("-N", "-5");
      LearnerConfig learner =
          TagstreamConfig.parse(name, MethodName.parse(name).settings()).learner();
      assertThat(learner.model().network()).as(name).isEqualTo(Network.PLE);
    }
  }

  @Test
  void negativesAreANumberOrAPlace() {
    assertThat(MethodName.settingsOf("mvke+negatives-5+negatives-in-tasks"))
        .contains("negatives.per-impression: 5\n")
        .contains("negatives.output: tasks\n");
    assertThat(MethodName.settingsOf("popularity")).isEmpty();
    assertThatThrownBy(() -> MethodName.parse("mvke+negatives-many"))
        .hasMessageStartingWith("mvke+negatives-many - has no variation 'negatives-many'");
  }
}
