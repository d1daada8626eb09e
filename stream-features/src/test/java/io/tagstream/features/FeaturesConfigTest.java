package io.tagstream.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.features.snapshot.FeatureSchema;
import io.tagstream.features.stay.StayEdges;
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
    assertThat(defaults.labels().stays().binning()).isEqualTo(FeaturesConfig.StayBinning.EDGES);
    assertThat(defaults.labels().stays().edges()).hasSize(6).startsWith(Duration.ofSeconds(3));
    assertThat(defaults.labels().stays().binCount()).isEqualTo(7);
    assertThat(defaults.labels().stays().history()).isEqualTo(Duration.ofDays(30));
    assertThat(defaults.labels().priorMeans()).containsExactly(0.2, 0.3, 0.02);
    assertThat(defaults.fields())
        .isEqualTo(
            new FeaturesConfig.Fields(
                List.of(),
                List.of("category", "creator"),
                List.of("category", "creator"),
                List.of("device"),
                10,
                10,
                10,
                64,
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
    assertThatThrownBy(() -> labels(labels.window().negated(), labels.stays().edges()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labels.window: PT-10M - must be positive");
    assertThatThrownBy(
            () -> labels(labels.window(), List.of(Duration.ofSeconds(2), Duration.ofSeconds(2))))
        .hasMessageStartingWith("labels.stay-edges: [PT2S, PT2S] - must be positive and ascend");
    assertThatThrownBy(() -> quantiles(1, Duration.ofDays(1)))
        .hasMessage("labels.stay-bin-count: 1 - must lie between 2 and 100");
    assertThatThrownBy(() -> quantiles(5, Duration.ofMinutes(90)))
        .hasMessage("labels.stay-history: PT1H30M - must be whole hours, from 1 to 2160");
    assertThatThrownBy(() -> quantiles(5, Duration.ofDays(91)))
        .hasMessageStartingWith("labels.stay-history: PT2184H - must be whole hours");
    assertThatThrownBy(() -> labels(Duration.ofDays(8), labels.stays().edges()))
        .hasMessageStartingWith("labels.attribution-horizon: PT168H - must be at least");
    assertThatThrownBy(
            () ->
                new FeaturesConfig.Credit(
                    credit.reading(), credit.scale(), 0, credit.clickWindow(), 1, 1))
        .hasMessage("credit.temperature: 0.0 - must be positive and finite");
    assertThatThrownBy(
            () ->
                new FeaturesConfig.Fields(
                    List.of(), List.of("a"), List.of("b"), List.of(), 1, 1, 1, 1, 1))
        .hasMessage("features.clicked: [b] - must be among features.privileged, which are [a]");
    assertThatThrownBy(
            () -> new FeaturesConfig(List.of(Task.click("c")), labels, defaults.fields(), credit))
        .hasMessageStartingWith("labels.prior-means: [0.2, 0.3, 0.02] - must be one per task");
    assertThatThrownBy(
            () ->
                new FeaturesConfig.Fields(
                    List.of("a", "a"), List.of(), List.of(), List.of(), 1, 1, 1, 1, 1))
        .hasMessageContaining("features.user-attributes: [a, a]");
    assertThatThrownBy(
            () ->
                new FeaturesConfig.Fields(
                    List.of(), List.of(), List.of(), List.of(), 1, 1, 101, 1, 1))
        .hasMessage("features.shown-tags: 101 - must lie between 0 and 100");
    assertThatThrownBy(
            () ->
                new FeaturesConfig.Fields(
                    List.of(), List.of(), List.of(), List.of(), 1, 1, 0, 0, 1))
        .hasMessage("features.max-shown: 0 - must lie between 1 and 10000");
  }

  @Test
  void theSchemaNamesItsFieldsAndItsDigestNeverMoves() {
    FeatureSchema schema = FeatureSchema.of(defaults);
    assertThat(schema.fields())
        .extracting(FeatureSchema.Field::name)
        .startsWith("clicked.tags", "top.tags", "shown.tags", "clicked.category", "clicked.creator")
        .contains("mean.click.1d", "mean.stay.7d", "mean.conversion.30d", "activity.30d")
        .endsWith("hour", "scene", "entity", "context.device")
        .doesNotHaveDuplicates()
        .hasSize(21);
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
  void theDigestCoversHowStaysAreBinnedOnceTheyAreCounted() {
    Duration month = Duration.ofDays(30);
    FeaturesConfig.Stays edges = defaults.labels().stays();
    assertThat(
            digest(new FeaturesConfig.Stays(edges.binning(), edges.edges(), 9, month.dividedBy(2))))
        .as("what is not in use")
        .isEqualTo(DEFAULT_DIGEST);
    assertThat(
            List.of(
                DEFAULT_DIGEST,
                digest(quantiles(7, month)),
                digest(quantiles(8, month)),
                digest(quantiles(7, month.minusHours(1)))))
        .doesNotHaveDuplicates();
    assertThat(digest(quantiles(7, month))).isEqualTo(QUANTILES_DIGEST);
  }

  @Test
  void staysFallIntoTheBinOfTheEdgesTheyReach() {
    StayEdges bins = new StayEdges(List.of(1_000L, 5_000L));
    assertThat(bins.bins()).isEqualTo(3);
    assertThat(
            List.of(
                bins.bin(0), bins.bin(999), bins.bin(1_000), bins.bin(5_000), bins.bin(1L << 40)))
        .containsExactly(0, 0, 1, 2, 2);
    assertThat(bins.label(4_999)).isEqualTo(0.5f);
  }

  /** Changing it means: models and savepoints of before are refused. */
  private static final long DEFAULT_DIGEST = 8501563115297464658L;

  private static final long QUANTILES_DIGEST = -8653121897546680460L;

  private FeaturesConfig.Labels labels(Duration window, List<Duration> edges) {
    FeaturesConfig.Labels labels = defaults.labels();
    FeaturesConfig.Stays stays = labels.stays();
    return new FeaturesConfig.Labels(
        window,
        labels.attributionHorizon(),
        labels.keepSnapshots(),
        new FeaturesConfig.Stays(stays.binning(), edges, stays.binCount(), stays.history()),
        labels.priorMeans());
  }

  private FeaturesConfig.Stays quantiles(int bins, Duration history) {
    return new FeaturesConfig.Stays(
        FeaturesConfig.StayBinning.QUANTILES, defaults.labels().stays().edges(), bins, history);
  }

  private long digest(FeaturesConfig.Stays stays) {
    FeaturesConfig.Labels labels = defaults.labels();
    return FeatureSchema.of(
            new FeaturesConfig(
                defaults.tasks(),
                new FeaturesConfig.Labels(
                    labels.window(),
                    labels.attributionHorizon(),
                    labels.keepSnapshots(),
                    stays,
                    labels.priorMeans()),
                defaults.fields(),
                defaults.credit()))
        .digest();
  }
}
