package io.tagstream.learner.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.learner.BatchConfig.TagsInput;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.NegativesConfig;
import io.tagstream.learner.NegativesConfig.Output;
import io.tagstream.learner.Network;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.scoring.TagVocabulary;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tags pooled into one row per impression; CTMVM has every kind of output. */
class PooledTagsContractTest extends TagModelContract {
  @Override
  Network network() {
    return Network.CTMVM;
  }

  @Override
  int privileged() {
    return 2;
  }

  @Override
  LearnerConfig config() {
    LearnerConfig config = super.config();
    return config.withBatch(config.batch().withTagsInput(TagsInput.POOLED));
  }

  /** Impressions with tags (a, b), none, (b, a), (c), whose labels are 1. */
  private static MicroBatch batch() {
    MicroBatch.Builder builder = MicroBatch.builder(1, 1);
    for (List<String> tags :
        List.of(List.of("a", "b"), List.<String>of(), List.of("b", "a"), List.of("c"))) {
      builder.addImpression(
          1,
          true,
          new int[] {0},
          new long[0],
          new float[] {1},
          new boolean[] {true},
          new float[] {0},
          new boolean[] {false},
          new float[] {3});
      tags.forEach(tag -> builder.addTag(tag, 0.25f));
    }
    return builder.build();
  }

  @Test
  void anImpressionIsOneRowAndEqualSetsAreOneBag() {
    MicroBatch batch = batch();
    TagVocabulary vocabulary = new TagVocabulary(10);
    TrainingRows rows = new TrainingRows(batch, config(), vocabulary, 0);
    assertThat(rows.impressions()).containsExactly(0, 2, 3);
    assertThat(rows.tags()).containsExactly(0, 0, 1);
    assertThat(rows.tagBags()).isEqualTo(2);
    assertThat(rows.tagOffsets()).containsExactly(0, 2, 3);
    assertThat(rows.tagIds()).containsExactly(batch.tagIds());
    assertThat(rows.weight(0, 0)).as("no Shapley weight").isEqualTo(3f);
    assertThat(rows.ofBatch(new float[] {0.1f, 0.2f, 0.3f}))
        .containsExactly(0.1f, 0.1f, 0.2f, 0.2f, 0.3f);
  }

  @Test
  void sampledNegativesAreSingleTagsThatTheItemLacks() {
    MicroBatch batch = batch();
    TagVocabulary vocabulary = new TagVocabulary(10);
    vocabulary.observe(List.of("a", "b", "c", "d"));
    LearnerConfig config = config().withNegatives(new NegativesConfig(30, 0.5f, Output.TASKS));
    TrainingRows rows = new TrainingRows(batch, config, vocabulary, 0);
    assertThat(rows.shown()).isEqualTo(3);
    assertThat(rows.sampled()).isGreaterThan(30);
    for (int r = rows.shown(); r < rows.count(); r++) {
      int from = rows.tagOffsets()[rows.tags()[r]];
      assertThat(rows.tagOffsets()[rows.tags()[r] + 1]).isEqualTo(from + 1);
      long id = rows.tagIds()[from];
      int i = rows.impressions()[r];
      assertThat(
              IntStream.range(0, batch.rows())
                  .filter(row -> batch.rowImpression()[row] == i)
                  .mapToLong(row -> batch.tagIds()[batch.rowTag()[row]]))
          .doesNotContain(id);
      assertThat(rows.label(r, 0)).isZero();
      assertThat(rows.weight(r, 0)).isEqualTo(1.5f);
    }
  }
}
