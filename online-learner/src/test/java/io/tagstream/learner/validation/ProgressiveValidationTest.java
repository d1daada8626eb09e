package io.tagstream.learner.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ProgressiveValidationTest {

  @Test
  void windowKeepsTheNewestRows() {
    ProgressiveValidation validation = new ProgressiveValidation(1, 2, 10);
    validation.observe(row(1, .9f, 0f));
    validation.observe(row(2, .1f, 0f));
    validation.observe(row(3, .8f, 1f));
    TaskFigures figures = validation.figures().get(0);
    assertThat(figures.rows()).isEqualTo(2);
    assertThat(figures.positives()).isEqualTo(1);
    assertThat(figures.auc()).isEqualTo(1.0); // the wrong row 1 has left
  }

  @Test
  void labelsNotKnownAndCorrectionsEnterNoRankingFigure() {
    ProgressiveValidation validation = new ProgressiveValidation(2, 10, 10);
    validation.observe(
        new ScoredImpression(
            1, 1, 0, false, new float[] {.5f, .5f}, new float[2], flags(1, 0), flags(1, 0)));
    validation.observe(
        new ScoredImpression(
            1, 1, 0, false, new float[] {.5f, .5f}, new float[] {0, 1}, flags(0, 1), flags(0, 0)));
    assertThat(validation.figures()).extracting(TaskFigures::rows).containsExactly(1L, 0L);
  }

  @Test
  void calibrationUsesTheFirstPredictionOnceTheWindowHasClosed() {
    ProgressiveValidation validation = new ProgressiveValidation(2, 10, 10);
    // click known at once, predicted .4 / .2
    validation.observe(
        new ScoredImpression(
            7,
            1,
            100,
            false,
            new float[] {.4f, .2f},
            new float[] {1, 0},
            flags(1, 0),
            flags(1, 0)));
    assertThat(validation.figures().get(0).predictedOverObserved()).isNull();
    // the model has seen the click by now and says .9: that prediction does not count
    validation.observe(
        new ScoredImpression(
            7, 1, 100, true, new float[] {.9f, .9f}, new float[] {0, 0}, flags(0, 1), flags(0, 1)));
    assertThat(validation.figures().get(0).predictedOverObserved()).isCloseTo(0.4, within(1e-6));
    assertThat(validation.figures().get(1).predictedOverObserved()).isNull();
    // the correction changes the matured label
    validation.observe(
        new ScoredImpression(
            7,
            1,
            100,
            false,
            new float[] {.9f, .9f},
            new float[] {0, 1},
            flags(0, 1),
            flags(0, 0)));
    assertThat(validation.figures().get(1).predictedOverObserved()).isCloseTo(0.2, within(1e-6));
  }

  @Test
  void impressionKnownInFullMaturesWithTheWindowsOfItsTime() {
    ProgressiveValidation validation = new ProgressiveValidation(1, 10, 10);
    validation.observe(at(1, 100, false, .5f, 1));
    assertThat(validation.figures().get(0).predictedOverObserved()).isNull();
    validation.observe(at(2, 50, true, .25f, 0));
    assertThat(validation.figures().get(0).predictedOverObserved()).isNull();
    validation.observe(at(3, 100, true, .25f, 0));
    assertThat(validation.figures().get(0).predictedOverObserved()).isCloseTo(1.0, within(1e-6));
  }

  @Test
  void waitingAndMaturedImpressionsAreBounded() {
    ProgressiveValidation validation = new ProgressiveValidation(1, 10, 3);
    for (int i = 0; i < 100; i++) {
      validation.observe(at(i, 1_000 + i, false, .5f, 1));
    }
    for (int i = 100; i < 110; i++) {
      validation.observe(at(i, i, true, .5f, 1));
    }
    assertThat(validation.figures().get(0).predictedOverObserved()).isCloseTo(0.5, within(1e-6));
    assertThat(validation.toBytes().length).isLessThan(400);
  }

  @Test
  void restoredContinuesAsIfNotInterrupted() {
    SplittableRandom random = new SplittableRandom(11);
    ProgressiveValidation whole = new ProgressiveValidation(2, 20, 15);
    ProgressiveValidation part = new ProgressiveValidation(2, 20, 15);
    for (int i = 0; i < 500; i++) {
      if (i % 37 == 0) {
        byte[] bytes = part.toBytes();
        part = new ProgressiveValidation(2, 20, 15);
        part.restore(bytes);
      }
      boolean[] labelled = flags(random.nextInt(2), random.nextInt(2));
      ScoredImpression scored =
          new ScoredImpression(
              random.nextInt(5),
              random.nextInt(60),
              random.nextInt(1000),
              random.nextInt(3) == 0,
              new float[] {random.nextInt(11) / 10f, random.nextInt(11) / 10f},
              new float[] {random.nextInt(2), random.nextInt(2)},
              labelled,
              random.nextInt(4) == 0 ? flags(0, 0) : labelled);
      whole.observe(scored);
      part.observe(scored);
      assertThat(part.figures()).isEqualTo(whole.figures());
      assertThat(part.toBytes()).isEqualTo(whole.toBytes());
    }
  }

  @Test
  void smallerWindowRestoresTheNewestRows() {
    ProgressiveValidation large = new ProgressiveValidation(1, 10, 10);
    for (int i = 0; i < 10; i++) {
      large.observe(row(i, .5f, i < 8 ? 0 : 1));
    }
    ProgressiveValidation small = new ProgressiveValidation(1, 2, 10);
    small.restore(large.toBytes());
    assertThat(small.figures().get(0).positives()).isEqualTo(2);
    assertThat(small.figures().get(0).rows()).isEqualTo(2);
  }

  @Test
  void foreignBytesAreRefused() {
    byte[] good = new ProgressiveValidation(1, 2, 2).toBytes();
    byte[] otherVersion = good.clone();
    otherVersion[0] = 9;
    for (byte[] bad :
        List.of(
            otherVersion,
            Arrays.copyOf(good, good.length - 1),
            Arrays.copyOf(good, good.length + 1),
            new byte[0],
            new ProgressiveValidation(2, 2, 2).toBytes())) {
      assertThatThrownBy(() -> new ProgressiveValidation(1, 2, 2).restore(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("validation state");
    }
  }

  @Test
  void layoutOfVersionOne() {
    ProgressiveValidation validation = new ProgressiveValidation(1, 2, 2);
    validation.observe(at(258, 3, true, .5f, 1));
    assertThat(java.util.HexFormat.of().formatHex(validation.toBytes()))
        .isEqualTo(
            "0101" // version, tasks
                + "00000001" // rows of task 0
                + "00000000000000023f0000003f800000" // user, probability, label
                + "0000000000000003" // closed up to
                + "00000000" // waiting
                + "00000001" // matured
                + "0000000000000102" // impression
                + "3f0000003f80000001"); // prediction, label, known
  }

  @Test
  void probabilityOutOfRangeIsRefused() {
    ProgressiveValidation validation = new ProgressiveValidation(1, 2, 2);
    assertThatThrownBy(() -> validation.observe(row(1, Float.NaN, 0)))
        .hasMessageContaining("probability NaN");
    assertThatThrownBy(() -> validation.observe(row(1, 1.1f, 0))).hasMessageContaining("[0, 1]");
  }

  private static ScoredImpression row(long impression, float p, float y) {
    return at(impression, 0, false, p, y);
  }

  private static ScoredImpression at(long impression, long time, boolean closed, float p, float y) {
    return new ScoredImpression(
        2, impression, time, closed, new float[] {p}, new float[] {y}, flags(1), flags(1));
  }

  private static boolean[] flags(int... bits) {
    boolean[] flags = new boolean[bits.length];
    for (int i = 0; i < bits.length; i++) {
      flags[i] = bits[i] == 1;
    }
    return flags;
  }
}
