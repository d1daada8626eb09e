package io.tagstream.learner.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.learner.OptimizerConfig;
import io.tagstream.learner.model.Parameter;
import io.tagstream.learner.model.ParameterSet;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AdamTest {

  @Test
  void equalsTheAlgorithmWrittenOut() {
    ParameterSet set = new ParameterSet(1);
    set.zeros("w", 1);
    Parameter parameter = set.all().get(0);
    Adam adam = new Adam(new OptimizerConfig(0.1f, 0.9f, 0.99f, 1e-6f, 1));
    double w = 0;
    double m = 0;
    double v = 0;
    for (int t = 1; t <= 50; t++) {
      float g = (float) Math.sin(t);
      adam.apply(parameter, new float[] {g}, t);
      m = 0.9 * m + 0.1 * g;
      v = 0.99 * v + 0.01 * g * g;
      w -= 0.1 * (m / (1 - Math.pow(0.9, t))) / (Math.sqrt(v / (1 - Math.pow(0.99, t))) + 1e-6);
      assertThat((double) parameter.values()[0]).isCloseTo(w, Offset.offset(1e-4));
    }
  }
}
