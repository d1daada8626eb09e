package io.tagstream.launcher.job;

import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.TimeMark;
import io.tagstream.schemas.TrainingSample;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a learner of this configuration can read: a topic may still hold samples and requests that
 * were made with other features, whose fields mean something else. They are counted and left out,
 * as are time marks, which have been heard already.
 */
@SuppressWarnings("NullAway.Init") // Flink calls open before anything else
final class KnownFeatures extends RichFilterFunction<LearnerInput> {

  private static final Logger LOG = LoggerFactory.getLogger(KnownFeatures.class);

  private final long version;
  private transient Set<Long> others;
  private transient Counter ofOtherFeatures;

  /**
   * A filter.
   *
   * @param version of the configured feature schema
   */
  KnownFeatures(long version) {
    this.version = version;
  }

  @Override
  public void open(OpenContext context) {
    others = new HashSet<>();
    ofOtherFeatures =
        getRuntimeContext()
            .getMetricGroup()
            .addGroup(InProcessMetrics.ROOT)
            .addGroup("input")
            .counter("ofOtherFeatures");
  }

  @Override
  public boolean filter(LearnerInput input) {
    if (input.getBody() instanceof TrainingSample sample) {
      return isKnown(sample.getFeatureSchemaVersion());
    }
    if (input.getBody() instanceof ScoreRequest request) {
      return isKnown(request.getFeatureSchemaVersion());
    }
    return !(input.getBody() instanceof TimeMark);
  }

  private boolean isKnown(long found) {
    if (found == version) {
      return true;
    }
    ofOtherFeatures.inc();
    if (others.add(found)) {
      LOG.warn(
          "samples or requests were made with features of version {}, and the configured are {}:"
              + " they are left out; is the features job of the same configuration?",
          found,
          version);
    }
    return false;
  }
}
