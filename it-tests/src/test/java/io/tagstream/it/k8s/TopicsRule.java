package io.tagstream.it.k8s;

import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.topics.TopicSpec;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/** KafkaTopics are what {@code tagstream topics check} asks for, and say how long they keep. */
final class TopicsRule implements ManifestRule {

  private static final String NAME = "topic";

  @Override
  public List<ManifestProblem> check(Manifests manifests) {
    Problems problems = new Problems(NAME);
    List<Manifest> topics = manifests.of(Manifest.KAFKA_TOPIC);
    if (topics.isEmpty()) {
      return List.of(); // topics are made in another way
    }
    Map<String, TopicSpec> wanted = new TreeMap<>();
    try {
      TopicSpec.wanted(manifests.settings().topics())
          .forEach(spec -> wanted.put(spec.name(), spec));
    } catch (InvalidConfigurationException | NoSuchElementException e) {
      return List.of(); // another rule says so
    }
    for (Manifest topic : topics) {
      TopicSpec spec = wanted.remove(topic.name());
      if (spec == null) {
        problems.add(topic, "metadata.name", "Tagstream has no such topic");
      } else {
        spec.differences(actual(topic)).forEach(each -> problems.add(topic, "spec", each));
        retention(topic, problems);
      }
    }
    wanted.keySet().forEach(name -> problems.add(topics.get(0), "", name + " - has no KafkaTopic"));
    return problems.all();
  }

  private static TopicSpec actual(Manifest topic) {
    return new TopicSpec(
        topic.name(),
        topic.tree().at("/spec/partitions").asInt(),
        topic.tree().at("/spec/replicas").asInt(),
        Manifest.texts(topic.tree().at("/spec/config")));
  }

  private static void retention(Manifest topic, Problems problems) {
    Map<String, String> config = Manifest.texts(topic.tree().at("/spec/config"));
    boolean compacted = "compact".equals(config.get("cleanup.policy"));
    String key = compacted ? "delete.retention.ms" : "retention.ms";
    if (!config.containsKey(key)) {
      problems.add(topic, "spec.config." + key, "is missing: the broker's default would decide");
    }
  }
}
