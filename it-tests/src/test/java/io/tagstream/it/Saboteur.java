package io.tagstream.it;

import io.tagstream.launcher.job.InProcessMetrics;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A source beside the job that fails when it is told to. It touches nothing of the job, but with
 * {@link #options} its failure is the whole job's, which restarts from its last checkpoint.
 */
final class Saboteur {

  // Flink runs in this JVM; the function itself travels as bytes.
  private static final AtomicInteger ORDERED = new AtomicInteger();
  private static final AtomicInteger STRUCK = new AtomicInteger();

  private static final int LOOKS_PER_SECOND = 50;

  private Saboteur() {}

  /** Flink options under which one failure restarts everything. */
  static Configuration options() {
    Configuration options = new Configuration();
    options.set(JobManagerOptions.EXECUTION_FAILOVER_STRATEGY, "full");
    return options;
  }

  /** Puts it into the job's environment. */
  static void hire(StreamExecutionEnvironment environment) {
    GeneratorFunction<Long, Long> look =
        index -> {
          if (ORDERED.getAndUpdate(open -> Math.max(0, open - 1)) > 0) {
            STRUCK.incrementAndGet();
            throw new IllegalStateException("struck by the test");
          }
          return index;
        };
    environment
        .fromSource(
            new DataGeneratorSource<>(
                look, Long.MAX_VALUE, RateLimiterStrategy.perSecond(LOOKS_PER_SECOND), Types.LONG),
            WatermarkStrategy.noWatermarks(),
            "saboteur")
        .setParallelism(1)
        .uid("saboteur")
        .sinkTo(new DiscardingSink<>())
        .setParallelism(1)
        .uid("saboteur-sink");
  }

  /**
   * Makes the job fail once, and waits until it runs again: what it shows then is of the new
   * attempt alone.
   */
  static void strike(RunningJob job) throws Exception {
    int struck = STRUCK.get();
    long restarts = job.metric(InProcessMetrics.RESTARTS);
    ORDERED.incrementAndGet();
    job.await("the job's failure", () -> STRUCK.get() > struck);
    job.await(
        "the job's restart",
        () ->
            job.metric(InProcessMetrics.RESTARTS) > restarts && job.status() == JobStatus.RUNNING);
  }
}
