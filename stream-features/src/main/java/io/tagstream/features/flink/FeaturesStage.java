package io.tagstream.features.flink;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.UserFact;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Wires the feature stage: facts about users in, training samples and score requests out. */
public final class FeaturesStage {

  private static final String UID = "features";

  private FeaturesStage() {}

  /**
   * The learner's input.
   *
   * @param facts facts, keyed by user id, watermarks by event time
   * @param config validated settings
   */
  public static SingleOutputStreamOperator<LearnerInput> of(
      KeyedStream<UserFact, String> facts, FeaturesConfig config) {
    return facts
        .transform(UID, new AvroTypeInfo<>(LearnerInput.class), new FeaturesOperator(config))
        .uid(UID)
        .name(UID);
  }
}
