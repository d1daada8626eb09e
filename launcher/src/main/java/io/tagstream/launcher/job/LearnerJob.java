package io.tagstream.launcher.job;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.learner.flink.LearnerStage;
import io.tagstream.profile.IntervalClock;
import io.tagstream.profile.flink.ProfileStage;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelSnapshot;
import io.tagstream.schemas.ProfileInput;
import io.tagstream.schemas.ProfileUpdate;
import io.tagstream.schemas.QuarantinedSample;
import io.tagstream.schemas.UserTagChange;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.jspecify.annotations.Nullable;

/** The stages from samples to profiles: the second half of the job, or a job of its own. */
public final class LearnerJob {

  private LearnerJob() {}

  /**
   * All that leaves the half.
   *
   * @param profiles profiles and tombstones
   * @param changes what entered, left or moved in a profile
   * @param metrics progressive validation of every model
   * @param snapshots announced model snapshots
   * @param quarantined samples whose batch a model did not apply
   */
  public record Outputs(
      DataStream<ProfileUpdate> profiles,
      DataStream<UserTagChange> changes,
      DataStream<ModelMetrics> metrics,
      DataStream<ModelSnapshot> snapshots,
      DataStream<QuarantinedSample> quarantined) {}

  /**
   * Puts the stages behind a stream.
   *
   * @param samples samples, score requests, deletions, with watermarks
   * @param promotions which model is to publish; null for the first one for ever
   * @param intervals the clock of {@code profiles.interval}
   */
  public static Outputs of(
      DataStream<LearnerInput> samples,
      @Nullable DataStream<LearnerInput> promotions,
      TagstreamConfig config,
      IntervalClock intervals) {
    LearnerStage.Outputs said =
        LearnerStage.of(samples, promotions, config.models(), config.snapshots());
    ProfileStage.Outputs published =
        ProfileStage.of(
            said.profiles().keyBy(ProfileInput::getUserId, Types.STRING),
            config.profiles(),
            intervals);
    return new Outputs(
        published.profiles(),
        published.changes(),
        said.metrics(),
        said.snapshots(),
        said.quarantined());
  }
}
