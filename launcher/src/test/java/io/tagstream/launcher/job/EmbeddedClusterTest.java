package io.tagstream.launcher.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.launcher.config.TagstreamConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedClusterTest {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir private Path folder;

  @Test
  void stopsAJobThatStillStartsAndSaysWhyItCannot() throws Exception {
    TagstreamConfig config = TagstreamConfig.parse("settings of the test");
    try (EmbeddedCluster cluster =
        EmbeddedCluster.start(FlinkSettings.of(config, folder), 1, folder)) {
      StreamExecutionEnvironment environment = cluster.environment();
      environment
          .fromSource(
              new DataGeneratorSource<Long>(
                  number -> number, Long.MAX_VALUE, RateLimiterStrategy.perSecond(50), Types.LONG),
              WatermarkStrategy.noWatermarks(),
              "numbers")
          .uid("numbers")
          .setParallelism(1)
          .sinkTo(new DiscardingSink<>())
          .setParallelism(1);
      JobID job = cluster.submit(environment, "numbers");
      String savepoints = folder.resolve("savepoints").toUri().toString();
      assertThatThrownBy(() -> cluster.stop(job, false, savepoints, Duration.ZERO))
          .isInstanceOf(TimeoutException.class)
          .hasMessageStartingWith("after 0 s some tasks of the job, which is ");
      String savepoint = cluster.stop(job, false, savepoints, LIMIT);
      assertThat(Path.of(URI.create(savepoint))).isDirectory();
      assertThatThrownBy(() -> cluster.stop(job, false, savepoints, LIMIT))
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("the job is over, FINISHED");
    }
  }
}
