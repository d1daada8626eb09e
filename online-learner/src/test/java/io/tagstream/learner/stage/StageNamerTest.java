package io.tagstream.learner.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.schemas.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StageNamerTest {

  private static final List<Task> TASKS = Task.defaults(Set.of("like"));
  private static final float NONE = Float.NaN;

  @Test
  void namesByMediansInTheOrderOfThePaper() {
    StageNamer namer = new StageNamer(TASKS);
    for (int user = 0; user <= 100; user++) {
      for (int k = 0; k < 3; k++) {
        namer.replace(k, NONE, user / 100f);
      }
    }
    assertThat(namer.name(new float[] {.5f, .9f, .9f})).isEqualTo(StageName.NEW);
    assertThat(namer.name(new float[] {.6f, .5f, .9f})).isEqualTo(StageName.WANDER);
    assertThat(namer.name(new float[] {.6f, .6f, .5f})).isEqualTo(StageName.STICK);
    assertThat(namer.name(new float[] {.6f, .6f, .6f})).isEqualTo(StageName.LOYAL);
    assertThat(namer.name(new float[] {NONE, .6f, .6f})).isEqualTo(StageName.UNKNOWN);
  }

  /** The oracle sorts what every user said last. */
  @Test
  void mediansAreOverUsersNotOverEvents() {
    SplittableRandom random = new SplittableRandom(17);
    StageNamer namer = new StageNamer(TASKS);
    float[] last = new float[51];
    Arrays.fill(last, NONE);
    for (int i = 0; i < 5_000; i++) {
      int user = Math.min(random.nextInt(51), random.nextInt(51)); // some users are busy
      float label = random.nextInt(1001) / 1000f;
      namer.replace(0, last[user], label);
      last[user] = label;
    }
    StageNamer restored = new StageNamer(TASKS);
    restored.restore(namer.toBytes());
    float[] sorted = last.clone();
    Arrays.sort(sorted);
    float median = sorted[25];
    for (float label : last) {
      // within the histogram's three digits of the median either name is right
      if (Math.abs(label - median) > 0.001f * median) {
        float[] labels = {label, NONE, NONE};
        StageName expected = label <= median ? StageName.NEW : StageName.LOYAL;
        assertThat(namer.name(labels)).as("%s of %s", label, median).isEqualTo(expected);
        assertThat(restored.name(labels)).isEqualTo(expected);
      }
    }
    for (int user = 0; user < last.length; user++) {
      namer.replace(0, last[user], NONE);
    }
    // nobody is left to be compared with
    assertThat(namer.name(new float[] {0, 0, 0})).isEqualTo(StageName.LOYAL);
  }

  @Test
  void foreignBytesAreRefused() {
    byte[] good = new StageNamer(TASKS).toBytes();
    byte[] otherVersion = good.clone();
    otherVersion[0] = 2;
    for (byte[] bad :
        List.of(
            otherVersion,
            new byte[0],
            Arrays.copyOf(good, good.length - 1),
            Arrays.copyOf(good, good.length + 1))) {
      assertThatThrownBy(() -> new StageNamer(TASKS).restore(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("stage medians");
    }
  }

  @Test
  void namesEqualTheSchemas() {
    assertThat(StageName.values())
        .extracting(Enum::name)
        .containsExactlyElementsOf(
            Arrays.stream(io.tagstream.schemas.StageName.values()).map(Enum::name).toList());
  }
}
