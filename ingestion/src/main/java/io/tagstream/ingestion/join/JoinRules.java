package io.tagstream.ingestion.join;

import io.tagstream.ingestion.ConversionSpace;
import io.tagstream.ingestion.IngestionConfig;
import io.tagstream.schemas.Task;
import java.io.Serializable;
import java.util.List;

/**
 * What the join is told.
 *
 * @param windowMillis length of the label window
 * @param horizonMillis length of the attribution horizon, at least the window
 * @param conversionSpace which impressions have conversion labels
 * @param tasks the tasks, in the order of labels
 */
public record JoinRules(
    long windowMillis, long horizonMillis, ConversionSpace conversionSpace, List<Task> tasks)
    implements Serializable {

  /** The part of the configuration that the join needs. */
  public static JoinRules of(IngestionConfig config) {
    return new JoinRules(
        config.labelWindow().toMillis(),
        config.attributionHorizon().toMillis(),
        config.conversionSpace(),
        config.tasks());
  }

  /** Whether only clicked impressions have conversion labels. */
  boolean clickedOnly() {
    return conversionSpace == ConversionSpace.CLICKED;
  }

  /** When the impression's unknown labels are negative. */
  long windowEnd(OpenImpression impression) {
    return impression.timeMillis + windowMillis;
  }

  /** Until when a conversion may correct. */
  long horizonEnd(OpenImpression impression) {
    return impression.timeMillis + horizonMillis;
  }

  /** Until when the impression is known, if only to name what comes too late. */
  long knownUntil(OpenImpression impression) {
    return (retained(impression) ? horizonEnd(impression) : windowEnd(impression)) + windowMillis;
  }

  /** Whether corrections may still come after the window. */
  boolean retained(OpenImpression impression) {
    return impression.clicked() || (!clickedOnly() && !impression.conversions.isEmpty());
  }
}
