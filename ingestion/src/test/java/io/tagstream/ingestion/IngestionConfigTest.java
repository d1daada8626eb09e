package io.tagstream.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.schemas.Task;
import io.tagstream.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IngestionConfigTest {

  private final IngestionConfig config = IngestionConfig.defaults();

  @Test
  void defaults() {
    assertThat(config.topics())
        .containsOnlyKeys(
            "impressions", "clicks", "stays", "conversions", "items", "users", "user-deletions")
        .containsEntry("clicks", Topic.CLICKS);
    assertThat(config.entities()).containsExactly("item");
    assertThat(config.tasks())
        .extracting(Task::name)
        .containsExactly("click", "stay", "conversion");
    assertThat(config.conversionTypes())
        .containsExactlyInAnyOrder("purchase", "subscribe", "follow", "like");
    assertThat(config.labelWindow()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.attributionHorizon()).isEqualTo(Duration.ofDays(7));
    assertThat(config.conversionSpace()).isEqualTo(ConversionSpace.ALL);
    assertThat(config.tagSource()).isEqualTo(TagSource.INLINE);
    assertThat(config.maxClockSkew()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.watermarkBound()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.sourceIdleness()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void namesTheSettingTheValueAndTheRule() {
    Duration hour = Duration.ofHours(1);
    assertThatThrownBy(() -> config.withLabels(Duration.ofMinutes(-5), hour, ConversionSpace.ALL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labels.window: PT-5M - must be at least one millisecond");
    assertThatThrownBy(() -> config.withLabels(hour, Duration.ofMinutes(59), ConversionSpace.ALL))
        .hasMessage(
            "labels.attribution-horizon: PT59M - must not be shorter than labels.window: PT1H");
    assertThatThrownBy(() -> config.withTasks(List.of())).hasMessageStartingWith("tasks: []");
    assertThatThrownBy(() -> config.withTasks(List.of(Task.click("a"), Task.stay("a"))))
        .hasMessage("tasks: a - every task needs a name of its own");
    assertThatThrownBy(() -> with(Map.of(), Set.of("item"), hour, hour, hour))
        .hasMessageStartingWith("topics: {}");
    assertThatThrownBy(
            () -> with(Map.of("out", Topic.DEAD_LETTERS), Set.of("item"), hour, hour, hour))
        .hasMessage("topics: out = DEAD_LETTERS - is no input, it cannot be learnt from");
    Map<String, Topic> topics = Map.of("c", Topic.CLICKS);
    assertThatThrownBy(() -> with(topics, Set.of(), hour, hour, hour))
        .hasMessageStartingWith("entities: []");
    assertThatThrownBy(() -> with(topics, Set.of("i"), hour.negated(), hour, hour))
        .hasMessageStartingWith("ingestion.max-clock-skew: PT-1H");
    assertThatThrownBy(() -> with(topics, Set.of("i"), hour, hour.negated(), hour))
        .hasMessageStartingWith("watermarks.bound: PT-1H");
    assertThatThrownBy(() -> with(topics, Set.of("i"), hour, hour, Duration.ZERO))
        .hasMessageStartingWith("watermarks.idleness: PT0S");
  }

  private IngestionConfig with(
      Map<String, Topic> topics,
      Set<String> entities,
      Duration skew,
      Duration bound,
      Duration idleness) {
    return new IngestionConfig(
        topics,
        entities,
        config.tasks(),
        config.labelWindow(),
        config.attributionHorizon(),
        config.conversionSpace(),
        config.tagSource(),
        skew,
        bound,
        idleness);
  }
}
