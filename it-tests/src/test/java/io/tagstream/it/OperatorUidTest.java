package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.EventSources;
import io.tagstream.launcher.job.FeaturesJob;
import io.tagstream.launcher.job.FlinkSettings;
import io.tagstream.launcher.job.JobShape;
import io.tagstream.launcher.job.KafkaJob;
import io.tagstream.launcher.job.KafkaSinks;
import io.tagstream.launcher.job.SwitchOffsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** State goes by an operator's uid: one without could not be restored by the next release. */
class OperatorUidTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "impressions.tags: items",
        "kafka.delivery: exactly-once",
        "batch.mode: deterministic",
        "labels.stay-bins: quantiles",
        "learner.models: [two-tower, mvke, ple+gamma-off]"
      })
  void everyOperatorOfTheFusedJobHasOne(String setting) throws Exception {
    StreamGraph graph = graph(setting);
    assertThat(graph.getStreamNodes()).hasSizeGreaterThan(8);
    assertUids(graph);
  }

  @Test
  void everyOperatorOfTheSplitJobsHasOne() throws Exception {
    TagstreamConfig config = config("learner.models: [two-tower, mvke]");
    StreamExecutionEnvironment features = environment(config);
    new KafkaSinks(config)
        .write(
            FeaturesJob.of(
                new EventSources(features, config).live(new SwitchOffsets(Map.of(), Map.of())),
                config),
            4);
    assertUids(features.getStreamGraph());
    StreamExecutionEnvironment learner = environment(config);
    new KafkaJob(learner, config, JobShape.LEARNER).learn();
    assertUids(learner.getStreamGraph());
  }

  private static void assertUids(StreamGraph graph) {
    assertThat(graph.getStreamNodes())
        .allSatisfy(
            node ->
                assertThat(node.getTransformationUID())
                    .as("uid of %s", node.getOperatorName())
                    .isNotBlank());
    assertThat(graph.getStreamNodes())
        .extracting(StreamNode::getTransformationUID)
        .doesNotHaveDuplicates();
  }

  @Test
  void staysAreCountedOnlyWhereTheirBinsFollowFromIt() throws Exception {
    assertThat(graph("").getStreamNodes())
        .extracting(StreamNode::getTransformationUID)
        .noneMatch(uid -> uid.contains("stay"));
    assertThat(graph("labels.stay-bins: quantiles").getStreamNodes())
        .extracting(StreamNode::getTransformationUID)
        .contains("features", "features-stay-counts", "features-stay-bins");
  }

  @Test
  void theMaximumParallelismIsFixed() throws Exception {
    assertThat(graph("").getExecutionConfig().getMaxParallelism()).isEqualTo(128);
  }

  private StreamGraph graph(String setting) throws Exception {
    TagstreamConfig config = config(setting);
    StreamExecutionEnvironment environment = environment(config);
    new KafkaJob(environment, config).live(new SwitchOffsets(Map.of(), Map.of()));
    return environment.getStreamGraph();
  }

  private static TagstreamConfig config(String setting) throws Exception {
    return TagstreamConfig.parse(
        "settings of the test",
        "tasks: {click: click, stay: stay, conversion: conversion(purchase)}",
        setting);
  }

  private StreamExecutionEnvironment environment(TagstreamConfig config) {
    Configuration flink = FlinkSettings.of(config, folder);
    // Flink itself refuses a job in which one is missing.
    flink.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    return StreamExecutionEnvironment.getExecutionEnvironment(flink);
  }
}
