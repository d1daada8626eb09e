package io.tagstream.launcher.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AliasTableTest {

  @Test
  void drawsInProportionAndNeverWithoutWeight() {
    double[] weights = {1, 0, 3, 6, 0, 10};
    AliasTable table = new AliasTable(weights);
    SeededRandom random = new SeededRandom(1, "test", 0);
    double[] drawn = new double[weights.length];
    int draws = 200_000;
    for (int i = 0; i < draws; i++) {
      drawn[table.draw(random)]++;
    }
    for (int i = 0; i < weights.length; i++) {
      assertThat(drawn[i] / draws).isCloseTo(weights[i] / 20, within(0.005));
    }
    assertThat(drawn[1] + drawn[4]).isZero();
  }

  @Test
  void randomSequencesStayAsTheyAre() {
    SeededRandom random = new SeededRandom(42, "golden", 7);
    assertThat(random.nextLong()).isEqualTo(2798455994849185185L);
    assertThat(new SeededRandom(42, "golden", 8).nextLong())
        .isNotEqualTo(new SeededRandom(42, "golden", 7).nextLong());
  }
}
