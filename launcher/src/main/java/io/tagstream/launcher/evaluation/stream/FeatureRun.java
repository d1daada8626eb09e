package io.tagstream.launcher.evaluation.stream;

import io.tagstream.features.flink.FeaturesStage;
import io.tagstream.ingestion.flink.IngestionStage;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.job.EmbeddedCluster;
import io.tagstream.launcher.job.EventSources;
import io.tagstream.launcher.job.FlinkSettings;
import io.tagstream.launcher.replay.ReplayPlan;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.UserFact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The stages before the learner, run once over a replay, in this process. */
final class FeatureRun {

  // Flink runs in this JVM; the sink itself travels as bytes.
  private static final Map<String, LearnerInputs> RUNS = new ConcurrentHashMap<>();

  private FeatureRun() {}

  /**
   * What the learner would read.
   *
   * @param folder for state and temporary files
   * @throws IOException when the job fails; the message says why
   */
  static LearnerInputs of(ReplayPlan plan, TagstreamConfig config, Path folder)
      throws IOException, InterruptedException {
    String run = UUID.randomUUID().toString();
    LearnerInputs inputs = new LearnerInputs();
    RUNS.put(run, inputs);
    Configuration flink = FlinkSettings.of(config, folder);
    // A second attempt would hand over again what the first one did.
    flink.set(
        RestartStrategyOptions.RESTART_STRATEGY,
        RestartStrategyOptions.RestartStrategyType.NO_RESTART_STRATEGY.getMainValue());
    try (EmbeddedCluster cluster =
        EmbeddedCluster.start(flink, config.pipeline().parallelism(), folder)) {
      StreamExecutionEnvironment environment = cluster.environment();
      DataStream<InputRecord> events =
          EventSources.withEagerWatermarks(environment, config).replay(plan);
      FeaturesStage.of(
              IngestionStage.of(events, config.ingestion()).facts().keyBy(UserFact::getUserId),
              config.features())
          .sinkTo(new Collecting(run))
          .uid("inputs");
      JobID job = cluster.submit(environment, "features");
      String failure = cluster.failure(job);
      if (!failure.isEmpty()) {
        throw new IOException("the features of the log: " + failure);
      }
    } catch (IOException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the features of the log: " + EmbeddedCluster.rootMessage(e), e);
    } finally {
      RUNS.remove(run);
    }
    inputs.sort();
    return inputs;
  }

  /** Hands every input to the run of a name. */
  private record Collecting(String run) implements Sink<LearnerInput> {

    @Override
    public SinkWriter<LearnerInput> createWriter(WriterInitContext context) {
      LearnerInputs inputs = RUNS.get(run);
      if (inputs == null) {
        throw new IllegalStateException("run " + run + " is over");
      }
      return new SinkWriter<>() {
        @Override
        public void write(LearnerInput element, Context writing) {
          inputs.add(element);
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
      };
    }
  }
}
