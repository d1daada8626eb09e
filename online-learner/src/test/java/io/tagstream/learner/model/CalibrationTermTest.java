package io.tagstream.learner.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CalibrationTermTest {

  private final CalibrationTerm term = new CalibrationTerm(2);
  private final ParameterSet parameters = new ParameterSet(1);

  CalibrationTermTest() {
    term.declare(parameters);
    parameters.values(CalibrationTerm.PARAMETER)[0] = 0.5f;
    parameters.values(CalibrationTerm.PARAMETER)[1] = -1f;
  }

  @Test
  void tasksOfTheTargetAreShiftedAndSourcesAndRetrievalAreNot() {
    // Three rows of two impressions; the second impression is of another kind of item.
    RowFeatures rows =
        new RowFeatures(
                new int[] {0, 1, 0}, new int[] {0, 0, 0}, new long[] {7}, new int[1], new long[0])
            .withSource(new boolean[] {false, true});
    float[] logits = {1, 1, 2, 2, 3, 3};
    term.addTo(logits, rows, parameters);
    assertThat(logits).containsExactly(1.5f, 0, 2, 2, 3.5f, 2);
    assertThat(term.of(1, parameters)).isEqualTo(-1f);
    assertThat(term.of(2, parameters)).as("retrieval").isZero();
  }
}
