package io.tagstream.profile;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How profiles are made and how often they are published.
 *
 * @param topK {@code profiles.top-k}: tags per task in a profile
 * @param scoreThreshold {@code profiles.score-threshold}: a score that moved by more is a change,
 *     and a newcomer must beat a published tag by more to take its place; in [0, 1]
 * @param interval {@code profiles.interval}: a user's profile is published at most once in it; 0
 *     publishes every change at once
 * @param maxCauses {@code profiles.max-causes}: events named in a profile, the newest
 * @param deniedTags {@code profiles.denied-tags}: tags that no profile shows; a published one
 *     leaves with the user's next scoring
 * @param retiredTags {@code profiles.retired-tags}: tags that enter no profile any more; a
 *     published one stays until others beat it
 */
public record ProfileConfig(
    int topK,
    float scoreThreshold,
    Duration interval,
    int maxCauses,
    Set<String> deniedTags,
    Set<String> retiredTags)
    implements Serializable {

  public ProfileConfig {
    if (topK < 1) {
      throw refused("profiles.top-k", topK, "at least 1");
    }
    if (!(scoreThreshold >= 0 && scoreThreshold <= 1)) {
      throw refused("profiles.score-threshold", scoreThreshold, "between 0 and 1");
    }
    if (interval.isNegative()) {
      throw refused("profiles.interval", interval, "not negative; 0 publishes every change");
    }
    if (maxCauses < 0) {
      throw refused("profiles.max-causes", maxCauses, "not negative");
    }
    deniedTags = Set.copyOf(deniedTags);
    retiredTags = Set.copyOf(retiredTags);
    List<String> both = deniedTags.stream().filter(retiredTags::contains).sorted().toList();
    if (!both.isEmpty()) {
      throw refused("profiles.retired-tags", both, "not in profiles.denied-tags as well");
    }
  }

  /** Ten tags a task, a threshold of 0.01, at most one profile per user and second. */
  public static ProfileConfig defaults() {
    return new ProfileConfig(10, 0.01f, Duration.ofSeconds(1), 16, Set.of(), Set.of());
  }

  private static IllegalArgumentException refused(String key, Object value, String rule) {
    return new IllegalArgumentException(key + ": " + value + " - must be " + rule);
  }
}
