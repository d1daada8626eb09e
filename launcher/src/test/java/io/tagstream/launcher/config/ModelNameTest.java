package io.tagstream.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelNameTest {

  @Test
  void everyListedVariationIsASettingThatHolds() throws InvalidConfigurationException {
    for (String listed : List.of(ModelName.VARIATIONS.split(", *"))) {
      String name = "ple+" + listed.replace("-N", "-5");
      LearnerConfig learner =
          TagstreamConfig.parse(name, ModelName.parse(name).settings()).learner();
      assertThat(learner.model().network()).as(name).isEqualTo(Network.PLE);
    }
  }

  @Test
  void aTermIsSwitchedOffByItsNameWithNo() {
    for (String term : List.of("own-tags", "tag-prior", "calibration")) {
      assertThat(ModelName.parse("mvke+" + term).settings()).contains("model." + term + ": true");
      assertThat(ModelName.parse("mvke+no-" + term).settings())
          .contains("model." + term + ": false");
    }
  }

  @Test
  void negativesAreANumberOrAPlace() {
    assertThat(ModelName.settingsOf("mvke+negatives-5+negatives-in-tasks"))
        .contains("negatives.per-impression: 5\n")
        .contains("negatives.output: tasks\n");
    assertThat(ModelName.settingsOf("popularity")).isEmpty();
    assertThatThrownBy(() -> ModelName.parse("mvke+negatives-many"))
        .hasMessageStartingWith("mvke+negatives-many - has no variation 'negatives-many'");
  }
}
