package io.tagstream.learner.snapshot;

import java.io.Serializable;
import java.time.Duration;

/**
 * When and where model snapshots are written.
 *
 * @param directory folder that holds one folder per snapshot; empty writes none
 * @param interval at most one snapshot in this time, taken with the next checkpoint
 */
public record SnapshotConfig(String directory, Duration interval) implements Serializable {

  public SnapshotConfig {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException(
          "snapshots.interval: "
              + interval
              + " - must be positive; to write none, leave"
              + " snapshots.directory empty");
    }
  }

  /** No snapshots. */
  public static SnapshotConfig defaults() {
    return new SnapshotConfig("", Duration.ofMinutes(10));
  }

  /** Whether snapshots are written. */
  public boolean enabled() {
    return !directory.isEmpty();
  }
}
