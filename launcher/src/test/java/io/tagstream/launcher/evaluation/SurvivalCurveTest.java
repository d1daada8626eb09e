package io.tagstream.launcher.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SurvivalCurveTest {

  @Test
  void byHand() {
    SurvivalCurve curve = new SurvivalCurve();
    assertThat(curve.median()).as("nothing was watched").isNull();
    assertThat(curve.within(10)).isZero();
    // At 1 one of four; at 2 one ends its watch; at 3 one of the two that are left.
    curve.add(3, true);
    curve.add(1, true);
    curve.add(5, false);
    curve.add(2, false);
    assertThat(curve.size()).isEqualTo(4);
    assertThat(curve.within(0.5)).isZero();
    assertThat(curve.within(1)).isCloseTo(0.25, within(1e-12));
    assertThat(curve.within(2.5)).isCloseTo(0.25, within(1e-12));
    assertThat(curve.within(3)).isCloseTo(1 - 0.75 / 2, within(1e-12));
    assertThat(curve.median()).isEqualTo(3);
  }

  @Test
  void whereTooFewHappenThereIsNoMedian() {
    SurvivalCurve curve = new SurvivalCurve();
    curve.add(1, true);
    curve.add(9, false);
    curve.add(9, false);
    assertThat(curve.median()).isNull();
    assertThatThrownBy(() -> curve.add(-1, true)).hasMessageStartingWith("span: -1.0");
  }

  @Property(tries = 200, seed = "20250105")
  void whereAllAreWatchedToTheEndItIsTheirShare(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(max = 9) Integer> spans,
      @ForAll @IntRange(max = 9) int by) {
    SurvivalCurve curve = new SurvivalCurve();
    spans.forEach(span -> curve.add(span, true));
    double share = (double) spans.stream().filter(span -> span <= by).count() / spans.size();
    assertThat(curve.within(by)).isCloseTo(share, within(1e-9));
  }

  @Property(tries = 200, seed = "20250106")
  void equalsTheProductOverTimes(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(max = 9) Integer> spans,
      @ForAll @Size(20) List<Boolean> happened,
      @ForAll @IntRange(max = 9) int by) {
    SurvivalCurve curve = new SurvivalCurve();
    IntStream.range(0, spans.size()).forEach(i -> curve.add(spans.get(i), happened.get(i)));
    double left = 1;
    for (int time = 0; time <= by; time++) {
      int now = time;
      long atRisk = spans.stream().filter(span -> span >= now).count();
      long events =
          IntStream.range(0, spans.size())
              .filter(i -> spans.get(i) == now && happened.get(i))
              .count();
      left *= atRisk == 0 ? 1 : 1 - (double) events / atRisk;
    }
    assertThat(curve.within(by)).isCloseTo(1 - left, within(1e-9));
  }
}
