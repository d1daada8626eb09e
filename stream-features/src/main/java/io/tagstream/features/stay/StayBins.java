package io.tagstream.features.stay;

import java.time.Duration;
import java.util.List;

/** Says which bins hold for the stay on an impression. */
@FunctionalInterface
public interface StayBins {

  /**
   * The bins of an impression's stay.
   *
   * @param impressionTimeMillis when the impression was shown
   */
  StayEdges at(long impressionTimeMillis);

  /** Between the same edges for ever. */
  static StayBins configured(List<Duration> edges) {
    StayEdges always = new StayEdges(edges.stream().map(Duration::toMillis).toList());
    return impressionTimeMillis -> always;
  }
}
