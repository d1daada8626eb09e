package io.tagstream.learner;

import static io.tagstream.learner.Rules.require;

import java.io.Serializable;
import java.time.Duration;
import java.util.Set;

/**
 * What is scored for a profile.
 *
 * @param topK tags per task in a profile
 * @param margin further candidates per task, for the sink's hysteresis
 * @param vocabularyCap the first so many tags seen in training are scored
 * @param deniedTags tags never scored
 * @param sweepInterval event time after which a silent user is scored again; 0 for never
 * @param defaultProfile what a user gets of whom nothing was learnt yet
 * @param popularityHalfLife event time in which a positive loses half its weight in popularity
 */
public record ScoringConfig(
    int topK,
    int margin,
    int vocabularyCap,
    Set<String> deniedTags,
    Duration sweepInterval,
    DefaultProfile defaultProfile,
    Duration popularityHalfLife)
    implements Serializable {

  /** What is said of a user of whom nothing is known. */
  public enum DefaultProfile {
    /** Nothing, until the first positive. */
    NONE,
    /** The tags that the positives of all users carry. */
    POPULARITY
  }

  public ScoringConfig {
    require(topK > 0, "profiles.top-k", topK, "must be positive");
    require(margin >= 0, "profiles.margin", margin, "must not be negative");
    require(vocabularyCap > 0, "profiles.vocabulary-cap", vocabularyCap, "must be positive");
    require(
        !sweepInterval.isNegative(),
        "profiles.sweep-interval",
        sweepInterval,
        "must not be negative; 0 never sweeps");
    require(
        popularityHalfLife.toMillis() > 0,
        "profiles.popularity-half-life",
        popularityHalfLife,
        "must be at least a millisecond");
    deniedTags = Set.copyOf(deniedTags);
  }

  /** Candidates scored per task. */
  public int candidates() {
    return topK + margin;
  }

  public static ScoringConfig defaults() {
    return new ScoringConfig(
        50, 10, 100_000, Set.of(), Duration.ofHours(6), DefaultProfile.NONE, Duration.ofDays(7));
  }
}
