package io.tagstream.launcher.evaluation;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a method says of every user at a day's end. It must go on saying the same until the next day
 * is evaluated.
 */
@FunctionalInterface
public interface ProfileSnapshot {

  /** No user has a profile: popularity for everyone. */
  ProfileSnapshot NONE = userId -> null;

  /**
   * The user's tags with scores, higher is better: all tags or the top ones. Tags that are missing
   * rank behind, by popularity. Null when the user has no profile.
   */
  @Nullable Map<String, Float> scores(String userId);
}
