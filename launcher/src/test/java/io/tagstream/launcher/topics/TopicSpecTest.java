package io.tagstream.launcher.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.schemas.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicSpecTest {

  private static final TopicSpec WANTED =
      new TopicSpec(
          "profiles",
          4,
          1,
          Map.of("cleanup.policy", "compact", "message.timestamp.type", "LogAppendTime"));

  @Test
  void everyTopicIsWanted() throws Exception {
    List<TopicSpec> wanted =
        TopicSpec.wanted(
            TagstreamConfig.parse("test", "topics: {clicks: shop.clicks, partitions: 7}").topics());
    assertThat(wanted).hasSize(Topic.values().length);
    assertThat(wanted).extracting(TopicSpec::name).contains("shop.clicks").doesNotContain("clicks");
    assertThat(wanted)
        .allMatch(spec -> spec.partitions() == (spec.name().equals("model-promotions") ? 1 : 7));
    assertThat(wanted)
        .filteredOn(spec -> spec.settings().get("cleanup.policy").equals("compact"))
        .extracting(TopicSpec::name)
        .containsExactly("items", "users", "user-tag-profiles");
    assertThat(wanted)
        .filteredOn(spec -> spec.settings().containsKey("max.message.bytes"))
        .extracting(TopicSpec::name)
        .containsExactly("dead-letters");
  }

  @Test
  void equalTopicHasNoDifferencesWhateverElseIsSet() {
    Map<String, String> more = new HashMap<>(WANTED.settings());
    more.put("retention.ms", "1");
    assertThat(WANTED.differences(new TopicSpec("profiles", 4, 1, more))).isEmpty();
  }

  @Test
  void everyDifferenceIsNamed() {
    TopicSpec actual =
        new TopicSpec(
            "profiles",
            2,
            3,
            Map.of("cleanup.policy", "delete", "message.timestamp.type", "CreateTime"));
    assertThat(WANTED.differences(actual))
        .containsExactly(
            "partitions: 2 - configured are 4",
            "replication factor: 3 - configured is 1",
            "cleanup.policy: delete - must be compact",
            "message.timestamp.type: CreateTime - must be LogAppendTime");
  }
}
