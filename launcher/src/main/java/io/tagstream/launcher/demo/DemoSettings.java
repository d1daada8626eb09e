package io.tagstream.launcher.demo;

import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.world.SourceFields;
import java.util.LinkedHashMap;
import java.util.Map;

/** The configuration of a demo: what the source's events carry, and small, fast defaults. */
public final class DemoSettings {

  private DemoSettings() {}

  /**
   * The configuration.
   *
   * @throws InvalidConfigurationException when the plan's own settings have mistakes
   */
  public static TagstreamConfig of(DemoPlan plan, SourceFields fields, String bootstrapServers)
      throws InvalidConfigurationException {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("kafka.group-id", "tagstream-demo");
    // Somebody is watching: a job that keeps failing had better say so soon.
    settings.put("pipeline.restart-attempts", "3");
    settings.put("topics.partitions", "2");
    settings.put("learner.seed", String.valueOf(plan.seed()));
    settings.put("learner.metrics-interval", "1 s");
    if (plan.model() != null) {
      settings.put("model.name", plan.model());
    }
    // At many times the clock, a partition that is only slow must not be taken for idle: its next
    // event would be late by hours. Nor may the others wait for it: the pump bounds how far they
    // get.
    settings.put("watermarks.idleness", "10 min");
    settings.put("watermarks.alignment-drift", "0 s");
    // Negatives over all tags: a log is judged by what they teach, the planted world only profits.
    settings.put("negatives.per-impression", plan.data() == null ? "1" : "15");
    if (plan.data() != null) {
      // A log is played as fast as it goes: an interval of wall time would skip days.
      settings.put("profiles.interval", "0 s");
      // Its table judges what an event led to.
      settings.put("profiles.sweep-interval", "0 s");
    }
    StringBuilder yaml = new StringBuilder(fields.settings());
    settings.forEach((key, value) -> yaml.append(key).append(": ").append(value).append('\n'));
    return TagstreamConfig.parse("the demo's settings", yaml.toString(), plan.extraSettings())
        .withBootstrapServers(bootstrapServers);
  }
}
