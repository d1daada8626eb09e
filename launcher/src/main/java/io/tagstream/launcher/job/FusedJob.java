package io.tagstream.launcher.job;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.profile.IntervalClock;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ProfileUpdate;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.jspecify.annotations.Nullable;

/**
 * The fused shape: both halves in one job, for one machine and for the lowest latency. Without its
 * ends, so that a test can put its own there; {@link KafkaJob} puts Kafka there.
 */
public final class FusedJob {

  private FusedJob() {}

  /**
   * All that leaves the job.
   *
   * @param features of the half up to the samples
   * @param learner of the half behind them
   */
  public record Outputs(FeaturesJob.Outputs features, LearnerJob.Outputs learner) {

    /** What the learners read: samples, score requests, deletions. */
    public DataStream<LearnerInput> samples() {
      return features.samples();
    }

    /** Profiles and tombstones. */
    public DataStream<ProfileUpdate> profiles() {
      return learner.profiles();
    }
  }

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
    FeaturesJob.Outputs features = FeaturesJob.of(input, config);
    return new Outputs(features, LearnerJob.of(features.samples(), promotions, config, intervals));
  }
}
