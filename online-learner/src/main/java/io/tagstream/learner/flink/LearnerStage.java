package io.tagstream.learner.flink;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.snapshot.SnapshotConfig;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.ModelSnapshot;
import io.tagstream.schemas.ProfileInput;
import io.tagstream.schemas.QuarantinedSample;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Wires the learner: samples and score requests in, scored users out. */
public final class LearnerStage {

  /** The operator's uid: its state in savepoints goes by it. */
  public static final String UID = "online-learner";

  private LearnerStage() {}

  /**
   * The stage's streams.
   *
   * @param profiles scored users and deletions, for the profile sink
   * @param metrics progressive validation
   * @param snapshots model snapshots whose checkpoint has completed
   * @param quarantined samples whose batch was not applied
   */
  public record Outputs(
      SingleOutputStreamOperator<ProfileInput> profiles,
      DataStream<ModelMetrics> metrics,
      DataStream<ModelSnapshot> snapshots,
      DataStream<QuarantinedSample> quarantined) {}

  /** The stage without model snapshots. */
  public static Outputs of(KeyedStream<LearnerInput, String> input, LearnerConfig config) {
    return of(input, config, SnapshotConfig.defaults());
  }

  /**
   * The stage. It runs with parallelism 1: one model.
   *
   * @param input keyed by user id
   * @param config the learner's configuration
   * @param snapshots when and where model snapshots are written
   */
  public static Outputs of(
      KeyedStream<LearnerInput, String> input, LearnerConfig config, SnapshotConfig snapshots) {
    SingleOutputStreamOperator<ProfileInput> profiles =
        input
            .transform(
                "online-learner",
                new AvroTypeInfo<>(ProfileInput.class),
                new OnlineLearnerOperator(config, snapshots))
            .uid(UID)
            .name("online-learner")
            .setParallelism(1);
    return new Outputs(
        profiles,
        profiles.getSideOutput(LearnerTags.METRICS),
        profiles.getSideOutput(LearnerTags.SNAPSHOTS),
        profiles.getSideOutput(LearnerTags.QUARANTINED));
  }
}
