package io.tagstream.launcher.world;

import java.util.Set;

/** What users really like: known in a planted world only, and to the scorer only. */
public interface InterestTruth {

  /** Every user of the world. */
  Iterable<String> userIds();

  /**
   * The tags this user likes at this time.
   *
   * @param eventTimeMillis milliseconds since the epoch, from the world's start up to the newest
   *     event taken
   * @throws IllegalArgumentException when the world has no such user
   */
  Set<String> trueInterests(String userId, long eventTimeMillis);
}
