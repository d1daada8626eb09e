package io.tagstream.learner.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TagPriorTermTest {

  private static final int TASKS = 2;
  private static final float[] TAGS = {1, 2, 3, -1, 0, 2};
  private static final float[] WEIGHTS = {0.5f, 1, -1, 2, 0, 0.25f};
  private static final int[] ROW_TAG = {1, 0, 1};

  /** {@code ⟨v^k, e_t⟩} written out. */
  private static double prior(int tag, int task) {
    double sum = 0;
    for (int c = 0; c < 3; c++) {
      sum += WEIGHTS[task * 3 + c] * TAGS[tag * 3 + c];
    }
    return sum;
  }

  @Test
  void everyOutputGainsThePriorOfItsRowsTag() {
    ParameterSet set = new ParameterSet(1);
    TagPriorTerm term = new TagPriorTerm(TASKS, 3);
    term.declare(set);
    System.arraycopy(WEIGHTS, 0, set.all().get(0).values(), 0, WEIGHTS.length);
    try (NDManager manager = Tensors.cpu()) {
      Weights w = new Weights(manager, new HostBuffer(), set, false);
      NDArray tags = w.input(TAGS, TAGS.length, false, 2, 3);
      RowFeatures rows =
          new RowFeatures(new int[3], ROW_TAG, new long[2], new int[] {0, 0}, new long[0]);
      ModelInputs in = ModelInputs.of(w, w.input(new float[3], 3, false, 1, 3), tags, null, rows);
      NDArray logits = w.input(new float[] {1, 2, 3, 4, 5, 6}, 6, false, 3, 2);
      NDArray shown = w.input(new float[] {10, 20}, 2, false, 1, 2);
      TrainingOutputs outputs =
          term.addTo(
              new TrainingOutputs(logits, List.of(Auxiliary.ofFirst(shown)), null, logits), w, in);
      assertRows(outputs.logits(), 3, 1);
      assertRows(Objects.requireNonNull(outputs.reported()), 3, 1);
      assertThat(outputs.penalty()).isNull();
      float[] first = Weights.read(outputs.auxiliary().get(0).logits());
      assertThat(first).as("of the first row alone").hasSize(TASKS);
      assertThat((double) first[1]).isCloseTo(20 + prior(ROW_TAG[0], 1), Offset.offset(1e-5));
    }
  }

  private static void assertRows(NDArray output, int rows, float from) {
    float[] values = Weights.read(output);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < TASKS; k++) {
        assertThat((double) values[r * TASKS + k])
            .isCloseTo(from + r * TASKS + k + prior(ROW_TAG[r], k), Offset.offset(1e-5));
      }
    }
  }
}
