package io.tagstream.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.features.snapshot.FeatureSchema;
import io.tagstream.features.stay.ConfiguredEdges;
import io.tagstream.schemas.Task;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeaturesConfigTest {

  private final FeaturesConfig defaults = FeaturesConfig.defaults();

  @Test
  void theDefaultsAreThoseOfTheSpecification() {
    assertThat(defaults.tasks())
        .extracting(Task::name)
        .containsExactly("click", "stay", "conversion");
    assertThat(defaults.labels().window()).isEqualTo(Duration.ofMinutes(10));
    assertThat(defaults.labels().attributionHorizon()).isEqualTo(Duration.ofDays(7));
    assertThat(defaults.labels().keepSnapshots()).isEqualTo(FeaturesConfig.KeepSnapshots.CLICKED);
    assertThat(defaults.labels().stayEdges()).hasSize(6).startsWith(Duration.ofSeconds(3));
    assertThat(defaults.labels().priorMeans()).containsExactly(0.2, 0.3, 0.02);
    assertThat(defaults.fields())
        .isEqualTo(
            new FeaturesConfig.Fields(
                List.of(),
                List.of("category", "creator"),
                List.of("category", "creator"),
                List.of("device"),
                10,
                5,
                5));
    assertThat(defaults.credit().clickWindow()).isEqualTo(Duration.ofDays(30));
    assertThat(defaults.credit().maxClicks()).isEqualTo(64);
    assertThat(defaults.credit().maxTags()).isEqualTo(16);
    assertThat(defaults.credit().temperature()).isEqualTo(0.5);
  }

  @Test
  void mistakesNameTheSettingTheValueAndTheRule() {
    FeaturesConfig.Labels labels = defaults.labels();
    FeaturesConfig.Credit credit = defaults.credit();
    assertThatThrownBy(() -> labels(labels.window().negated(), labels.stayEdges()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labels.window: PT-10M - must be positive");
    assertThatThrownBy(
            () -> labels(labels.window(), List.of(Duration.ofSeconds(2), Duration.ofSeconds(2))))
        .hasMessageStartingWith("labels.stay-edges: [PT2S, PT2S] - must be positive and ascend");
    assertThatThrownBy(() -> labels(Duration.ofDays(8), labels.stayEdges()))
        .hasMessageStartingWith("labels.attribution-horizon: PT168H - must be at least");
    assertThatThrownBy(
            () ->
                new FeaturesConfig.Credit(
                    credit.reading(), credit.scale(), 0, credit.clickWindow(), 1, 1))
        .hasMessage("credit.temperature: 0.0 - must be positive and finite");
    assertThatThrownBy(
            () ->
                new FeaturesConfig.Fields(
                    List.of(), List.of("a"), List.of("b"), List.of(), 1, 1, 1))
        .hasMessage("features.clicked: [b] - must be among features.privileged, which are [a]");
    assertThatThrownBy(
            () -> new FeaturesConfig(List.of(Task.click("c")), labels, defaults.fields(), credit))
        .hasMessageStartingWith("labels.prior-means: [0.2, 0.3, 0.02] - must be one per task");
    assertThatThrownBy(
            () ->
                new FeaturesConfig.Fields(
                    List.of("a", "a"), List.of(), List.of(), List.of(), 1, 1, 1))
        .hasMessageContaining("features.user-attributes: [a, a]");
  }

  @Test
  void theSchemaNamesItsFieldsAndItsDigestNeverMoves() {
    FeatureSchema schema = FeatureSchema.of(defaults);
    assertThat(schema.fields())
        .extracting(FeatureSchema.Field::name)
        .startsWith("clicked.tags", "top.tags", "clicked.category", "clicked.creator")
        .contains("mean.click.1d", "mean.stay.7d", "mean.conversion.30d", "activity.30d")
        .endsWith("hour", "scene", "entity", "context.device")
        .doesNotHaveDuplicates()
        .hasSize(20);
    assertThat(schema.digest()).isEqualTo(DEFAULT_DIGEST);
    FeaturesConfig other =
        new FeaturesConfig(
            defaults.tasks(),
            labels(defaults.labels().window(), List.of(Duration.ofSeconds(1))),
            defaults.fields(),
            defaults.credit());
    assertThat(FeatureSchema.of(other).digest()).isNotEqualTo(DEFAULT_DIGEST);
  }

  @Test
  void staysFallIntoTheBinOfTheEdgesTheyReach() {
    ConfiguredEdges bins = new ConfiguredEdges(List.of(1_000L, 5_000L));
    assertThat(bins.bins()).isEqualTo(3);
    assertThat(
            List.of(
                bins.bin(0), bins.bin(999), bins.bin(1_000), bins.bin(5_000), bins.bin(1L << 40)))
        .containsExactly(0, 0, 1, 2, 2);
    assertThat(bins.label(4_999)).isEqualTo(0.5f);
  }

  /** Changing it means: models and savepoints of before are refused. */
  private static final long DEFAULT_DIGEST = -5418669669167018863L;

  private FeaturesConfig.Labels labels(Duration window, List<Duration> edges) {
    FeaturesConfig.Labels labels = defaults.labels();
    return new FeaturesConfig.Labels(
        window, labels.attributionHorizon(), labels.keepSnapshots(), edges, labels.priorMeans());
  }
}
