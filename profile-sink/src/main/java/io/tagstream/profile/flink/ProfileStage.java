package io.tagstream.profile.flink;

import io.tagstream.profile.IntervalClock;
import io.tagstream.profile.ProfileConfig;
import io.tagstream.schemas.ProfileInput;
import io.tagstream.schemas.ProfileUpdate;
import io.tagstream.schemas.UserTagChange;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/** Scored users and deletions in; profiles, tombstones and changes out. */
public final class ProfileStage {

  static final OutputTag<UserTagChange> CHANGES =
      new OutputTag<>("user-tag-changes", new AvroTypeInfo<>(UserTagChange.class));

  /** The operator's uid: its state is found by it in savepoints. */
  public static final String UID = "profile-sink";

  private ProfileStage() {}

  /**
   * What the stage emits.
   *
   * @param profiles profiles, and updates without a profile as tombstones
   * @param changes what entered, left or moved, with the version of the profile it led to
   */
  public record Outputs(
      SingleOutputStreamOperator<ProfileUpdate> profiles, DataStream<UserTagChange> changes) {}

  /**
   * Wires the stage.
   *
   * @param input keyed by user id
   * @param clock of the interval
   */
  public static Outputs of(
      KeyedStream<ProfileInput, String> input, ProfileConfig config, IntervalClock clock) {
    SingleOutputStreamOperator<ProfileUpdate> profiles =
        input
            .transform(
                UID, new AvroTypeInfo<>(ProfileUpdate.class), new ProfileOperator(config, clock))
            .uid(UID)
            .name(UID);
    return new Outputs(profiles, profiles.getSideOutput(CHANGES));
  }
}
