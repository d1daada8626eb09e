package io.tagstream.features.flink;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.stay.StayBins;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.UserFact;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** The feature stage with configured bins of stays: facts are all it reads. */
final class ConfiguredFeaturesOperator extends FeaturesOperator
    implements OneInputStreamOperator<UserFact, LearnerInput> {

  ConfiguredFeaturesOperator(FeaturesConfig settings) {
    super(settings);
  }

  @Override
  StayBins stayBins() {
    return StayBins.configured(settings().labels().stays().edges());
  }

  @Override
  public void processElement(StreamRecord<UserFact> element) throws Exception {
    apply(element.getValue());
  }
}
