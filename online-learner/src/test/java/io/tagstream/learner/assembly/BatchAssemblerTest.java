package io.tagstream.learner.assembly;

import static io.tagstream.learner.assembly.Samples.sample;
import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.schemas.Emission;
import io.tagstream.schemas.TrainingSample;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchAssemblerTest {

  private static final float UNKNOWN = Float.NaN;

  private final BatchAssembler assembler = new BatchAssembler(Samples.FIELDS, 0, Samples.TASKS);

  @Test
  void emissionsOfOneImpressionBecomeOne() {
    TrainingSample click = sample("u", "i", Emission.CLICK, 1, 1, UNKNOWN, UNKNOWN);
    TrainingSample other = sample("v", "j", Emission.CLICK, 2, 1, UNKNOWN, UNKNOWN);
    TrainingSample close = sample("u", "i", Emission.WINDOW_CLOSE, 3, UNKNOWN, UNKNOWN, 0);
    close.setFirst(false);
    AssembledBatch assembled = assembler.assemble(List.of(click, other, close));

    assertThat(assembled.batch().impressions()).isEqualTo(2);
    assertThat(assembled.batch().labelled()).containsExactly(true, false, true, true, false, false);
    assertThat(assembled.batch().labels()).containsExactly(1, 0, 0, 1, 0, 0);
    assertThat(assembled.batch().first()).containsExactly(true, true);
    assertThat(assembled.batch().entities()).containsExactly("video", "video");
    assertThat(assembled.batch().rowImpression()).containsExactly(0, 0, 1, 1);
    assertThat(assembled.batch().tagWeights()).containsExactly(1.5f, 0.5f, 1.5f, 0.5f);
    assertThat(assembled.batch().tagNames()).containsExactly("a", "b");
    BatchImpression first = assembled.impressions().get(0);
    assertThat(first.sample()).isSameAs(click);
    assertThat(first.windowClosed()).isTrue();
    assertThat(first.counted()).containsExactly(true, false, true);
    assertThat(assembled.impressions().get(1).windowClosed()).isFalse();
  }

  @Test
  void correctionReplacesItsNegativeAndCountsOnce() {
    TrainingSample close = sample("u", "i", Emission.WINDOW_CLOSE, 1, 0, 0, 0);
    TrainingSample correction = sample("u", "i", Emission.CORRECTION, 2, UNKNOWN, UNKNOWN, 1);
    AssembledBatch both = assembler.assemble(List.of(close, correction));
    assertThat(both.batch().labels()).containsExactly(0, 0, 1);
    assertThat(both.impressions().get(0).counted()).containsExactly(true, true, true);

    AssembledBatch alone = assembler.assemble(List.of(correction));
    assertThat(alone.batch().labelled()).containsExactly(false, false, true);
    assertThat(alone.batch().first()).containsExactly(false);
    assertThat(alone.impressions().get(0).counted()).containsExactly(false, false, false);
  }

  @Test
  void impressionsOfTwoUsersAreTwoWhateverTheirIds() {
    AssembledBatch assembled =
        assembler.assemble(
            List.of(
                sample("u", "i", Emission.CLICK, 1, 1, UNKNOWN, UNKNOWN),
                sample("v", "i", Emission.CLICK, 1, 1, UNKNOWN, UNKNOWN)));
    assertThat(assembled.batch().impressions()).isEqualTo(2);
  }

  @Test
  void impressionWithoutTagsHasNoRows() {
    TrainingSample sample = sample("u", "i", Emission.CLICK, 1, 1, UNKNOWN, UNKNOWN);
    sample.setTags(List.of());
    sample.setTagWeights(List.of());
    AssembledBatch assembled = assembler.assemble(List.of(sample));
    assertThat(assembled.batch().impressions()).isEqualTo(1);
    assertThat(assembled.batch().rows()).isZero();
  }

  @Test
  void samplesThatDoNotFitAreNamed() {
    TrainingSample good = sample("u", "i", Emission.CLICK, 1, 1, UNKNOWN, UNKNOWN);
    assertThat(assembler.problemOf(good)).isNull();

    TrainingSample fields = sample("u", "i", Emission.CLICK, 1, 1, UNKNOWN, UNKNOWN);
    fields.getUserFields().setLengths(List.of(3));
    assertThat(assembler.problemOf(fields)).contains("userFields", "1 entries - expected 2");

    TrainingSample ids = sample("u", "i", Emission.CLICK, 1, 1, UNKNOWN, UNKNOWN);
    ids.getUserFields().setLengths(List.of(3, 1));
    assertThat(assembler.problemOf(ids)).contains("3 entries - expected 4");

    TrainingSample negative = sample("u", "i", Emission.CLICK, 1, 1, UNKNOWN, UNKNOWN);
    negative.getUserFields().setLengths(List.of(-1, 4));
    assertThat(assembler.problemOf(negative)).contains("-1");

    TrainingSample labels = sample("u", "i", Emission.CLICK, 1, 1, UNKNOWN);
    assertThat(assembler.problemOf(labels)).contains("labels", "2 entries - expected 3");

    TrainingSample label = sample("u", "i", Emission.CLICK, 1, 2, UNKNOWN, UNKNOWN);
    assertThat(assembler.problemOf(label)).contains("labels holds 2.0");

    TrainingSample pseudo = sample("u", "i", Emission.CLICK, 1, 1, UNKNOWN, UNKNOWN);
    pseudo.setPseudoLabels(List.of(Float.NaN, 0f, 0f));
    assertThat(assembler.problemOf(pseudo)).contains("pseudoLabels holds NaN");

    TrainingSample weight = sample("u", "i", Emission.CLICK, 1, 1, UNKNOWN, UNKNOWN);
    weight.setTagWeights(List.of(1f, -1f));
    assertThat(assembler.problemOf(weight)).contains("tagWeights holds -1.0");
  }
}
