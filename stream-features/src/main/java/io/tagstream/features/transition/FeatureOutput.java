package io.tagstream.features.transition;

import io.tagstream.features.record.UserRecord;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.TrainingSample;

/** Takes what a transition gives beside the new record. */
public interface FeatureOutput {

  /** Labels became known. */
  void sample(TrainingSample sample);

  /** A positive asks for a fresh profile. */
  void scoreRequest(ScoreRequest request);

  /**
   * One of the user's two timers moves, is set, or is taken back.
   *
   * @param timeMillis event time to wake the user at; {@link UserRecord#NEVER} for no more
   * @param replacedMillis the time it is set to so far; {@link UserRecord#NEVER} for none
   */
  void moveTimer(long timeMillis, long replacedMillis);

  /** A fact came behind the watermark. */
  void lateFact();

  /** Labels found no open impression to become a sample of. */
  void unmatchedLabels();

  /** So many more snapshots are held, or fewer when negative. */
  void openSnapshots(int change);
}
