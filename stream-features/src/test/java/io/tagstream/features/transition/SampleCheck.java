package io.tagstream.features.transition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.FeatureIds;
import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.TrainingSample;
import java.util.ArrayList;
import java.util.List;

/** A sample against the naive oracle, field by field. */
public final class SampleCheck {

  private SampleCheck() {}

  /** One attribute, few clicks and impressions remembered: bounds must bite. */
  public static FeaturesConfig config() {
    FeaturesConfig defaults = FeaturesConfig.defaults();
    FeaturesConfig.Fields fields = defaults.fields();
    FeaturesConfig.Credit credit = defaults.credit();
    return new FeaturesConfig(
        defaults.tasks(),
        defaults.labels(),
        new FeaturesConfig.Fields(
            List.of("city"),
            fields.privileged(),
            fields.clicked(),
            fields.context(),
            6,
            3,
            4,
            9,
            2),
        new FeaturesConfig.Credit(
            credit.reading(), credit.scale(), credit.temperature(), credit.clickWindow(), 12, 16));
  }

  /** Fails unless the sample is what the oracle says of the emission. */
  public static void check(
      NaiveFeatures naive,
      Opened shown,
      LabeledImpression emission,
      boolean first,
      TrainingSample sample) {
    assertThat(sample).as(shown.getImpressionId() + "/" + emission.getEmission()).isNotNull();
    String as = FeatureTransitionOracleTest.key(sample);
    assertThat(sample.getUserId()).isEqualTo(shown.getUserId());
    assertThat(sample.getItemId()).isEqualTo(shown.getItemId());
    assertThat(sample.getImpressionTimeMillis()).isEqualTo(shown.getImpressionTimeMillis());
    assertThat(sample.getKnownAtMillis()).as(as).isEqualTo(emission.getEventTimeMillis());
    assertThat(sample.getFirst()).as(as).isEqualTo(first);
    assertThat(sample.getLate()).isFalse();
    assertThat(sample.getTags()).isEqualTo(shown.getTags());
    List<Long> ids = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    for (List<Long> field : naive.userFields(shown)) {
      lengths.add(field.size());
      ids.addAll(field);
    }
    assertThat(sample.getUserFields().getLengths()).as(as).isEqualTo(lengths);
    assertThat(sample.getUserFields().getIds()).as(as).isEqualTo(ids);
    String creator = shown.getPrivileged().get("creator");
    assertThat(sample.getPrivileged().getLengths()).isEqualTo(List.of(1, creator == null ? 0 : 1));
    assertThat(sample.getPrivileged().getIds().get(0))
        .isEqualTo(FeatureIds.of("item.category", shown.getPrivileged().get("category")));
    double[] weights = naive.weights(shown);
    for (int tag = 0; tag < weights.length; tag++) {
      assertThat((double) sample.getTagWeights().get(tag))
          .as(as)
          .isCloseTo(weights[tag], within(1e-5));
    }
    for (int task = 0; task < 3; task++) {
      double label = naive.label(emission, task);
      boolean correction = emission.getEmission() == Emission.CORRECTION;
      assertThat(sample.getLabelled().get(task)).as(as).isEqualTo(!Double.isNaN(label));
      assertThat((double) sample.getLabels().get(task))
          .isEqualTo(Double.isNaN(label) ? 0 : (float) label);
      assertThat(correction && task < 2 && sample.getLabelled().get(task)).isFalse();
      double pseudoLabel = naive.pseudoLabel(shown, task);
      assertThat(sample.getPseudoLabelled().get(task)).as(as).isEqualTo(!Double.isNaN(pseudoLabel));
      if (!Double.isNaN(pseudoLabel)) {
        assertThat((double) sample.getPseudoLabels().get(task))
            .isCloseTo(pseudoLabel, within(1e-7));
      }
    }
  }
}
