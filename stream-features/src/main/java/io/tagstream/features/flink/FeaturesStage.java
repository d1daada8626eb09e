package io.tagstream.features.flink;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.FeaturesConfig.StayBinning;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.StayBinEdges;
import io.tagstream.schemas.UserFact;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Wires the feature stage: facts about users in, training samples and score requests out. */
public final class FeaturesStage {

  private static final String UID = "features";
  private static final String COUNTS_UID = "features-stay-counts";
  private static final String BINS_UID = "features-stay-bins";
  private static final TypeInformation<LearnerInput> OUTPUT =
      new AvroTypeInfo<>(LearnerInput.class);

  private FeaturesStage() {}

  /**
   * The learner's input.
   *
   * @param facts facts, keyed by user id, watermarks by event time
   * @param config validated settings
   */
  public static SingleOutputStreamOperator<LearnerInput> of(
      KeyedStream<UserFact, String> facts, FeaturesConfig config) {
    SingleOutputStreamOperator<LearnerInput> features =
        config.labels().stays().binning() == StayBinning.QUANTILES
            ? facts
                .connect(stayBins(facts, config.labels().stays()).broadcast())
                .transform(UID, OUTPUT, new CountedFeaturesOperator(config))
            : facts.transform(UID, OUTPUT, new ConfiguredFeaturesOperator(config));
    return features.uid(UID).name(UID);
  }

  /** Counted where the facts are, by as many subtasks; merged by one. */
  private static DataStream<StayBinEdges> stayBins(
      KeyedStream<UserFact, String> facts, FeaturesConfig.Stays settings) {
    return facts
        .transform(COUNTS_UID, StayTypes.HOUR, new StayCountOperator())
        .uid(COUNTS_UID)
        .name(COUNTS_UID)
        .global()
        .transform(BINS_UID, StayTypes.EDGES, new StayBinOperator(settings))
        .forceNonParallel()
        .uid(BINS_UID)
        .name(BINS_UID);
  }
}
