package io.tagstream.launcher.job;

import io.tagstream.features.flink.FeaturesStage;
import io.tagstream.ingestion.flink.IngestionStage;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.learner.flink.LearnerStage;
import io.tagstream.profile.IntervalClock;
import io.tagstream.profile.flink.ProfileStage;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelSnapshot;
import io.tagstream.schemas.ProfileInput;
import io.tagstream.schemas.ProfileUpdate;
import io.tagstream.schemas.QuarantinedSample;
import io.tagstream.schemas.UserFact;
import io.tagstream.schemas.UserTagChange;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.jspecify.annotations.Nullable;

/**
 * The fused shape: all stages in one job, for one machine and for the lowest latency. Without its
 * ends, so that a test can put its own there; {@link KafkaJob} puts Kafka there.
 */
public final class FusedJob {

  private FusedJob() {}

  /**
   * All that leaves the job.
   *
   * @param samples what the learners read: samples, score requests, deletions
   * @param profiles profiles and tombstones
   * @param changes what entered, left or moved in a profile
   * @param deadLetters refused records
   * @param metrics progressive validation of every model
   * @param snapshots announced model snapshots
   * @param quarantined samples whose batch a model did not apply
   */
  public record Outputs(
      DataStream<LearnerInput> samples,
      DataStream<ProfileUpdate> profiles,
      DataStream<UserTagChange> changes,
      DataStream<DeadLetter> deadLetters,
      DataStream<ModelMetrics> metrics,
      DataStream<ModelSnapshot> snapshots,
      DataStream<QuarantinedSample> quarantined) {}

  /**
   * Puts the stages behind a stream; nobody gives the job commands.
   *
   * @param input decoded records with timestamps and watermarks
   * @param intervals the clock of {@code profiles.interval}
   */
  public static Outputs of(
      DataStream<InputRecord> input, TagstreamConfig config, IntervalClock intervals) {
    return of(input, null, config, intervals);
  }

  /**
   * Puts the stages behind a stream.
   *
   * @param input decoded records with timestamps and watermarks
   * @param promotions which model is to publish; null for the first one for ever
   * @param intervals the clock of {@code profiles.interval}
   */
  static Outputs of(
      DataStream<InputRecord> input,
      @Nullable DataStream<LearnerInput> promotions,
      TagstreamConfig config,
      IntervalClock intervals) {
    IngestionStage.Outputs ingested = IngestionStage.of(input, config.ingestion());
    // Ingestion's join is keyed by user already: no second exchange, and both chain into one task.
    KeyedStream<UserFact, String> facts =
        DataStreamUtils.reinterpretAsKeyedStream(
            ingested.facts(), UserFact::getUserId, Types.STRING);
    SingleOutputStreamOperator<LearnerInput> samples = FeaturesStage.of(facts, config.features());
    LearnerStage.Outputs said =
        LearnerStage.of(samples, promotions, config.models(), config.snapshots());
    ProfileStage.Outputs published =
        ProfileStage.of(
            said.profiles().keyBy(ProfileInput::getUserId, Types.STRING),
            config.profiles(),
            intervals);
    return new Outputs(
        samples,
        published.profiles(),
        published.changes(),
        ingested.deadLetters(),
        said.metrics(),
        said.snapshots(),
        said.quarantined());
  }
}
