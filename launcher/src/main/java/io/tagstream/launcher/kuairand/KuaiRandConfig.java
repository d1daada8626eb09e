package io.tagstream.launcher.kuairand;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the log is read.
 *
 * @param directory {@code data}: folder with the published files, as {@code .csv} or {@code
 *     .csv.xz}
 * @param labelWindow {@code labels.window}: reactions are dated before its end; what a row says
 *     belongs to its impression, however long the video ran
 * @param activeDegree {@code kuairand.active-degree}: whether users carry {@code
 *     user_active_degree}, which may have been computed after the events
 * @param entities what tells kinds of items apart
 */
public record KuaiRandConfig(
    Path directory, Duration labelWindow, boolean activeDegree, Entities entities) {

  /** What the kind of an item is. */
  public enum Entities {
    /** All are videos. */
    VIDEO,
    /**
     * Where it was shown. The log's own types do not divide it: 99 rows of 100 are {@code NORMAL}
     * videos. A model that reads the kind as a user field reads the scene twice.
     */
    TAB
  }

  public KuaiRandConfig {
    if (labelWindow.toMillis() < 2) {
      throw new IllegalArgumentException(
          "labels.window: " + labelWindow + " - must be at least two milliseconds");
    }
  }

  /** The folder with a label window of ten minutes, all user attributes and one kind of item. */
  public static KuaiRandConfig of(Path directory) {
    return new KuaiRandConfig(directory, Duration.ofMinutes(10), true, Entities.VIDEO);
  }

  /** The same with other kinds of items. */
  public KuaiRandConfig withEntities(Entities value) {
    return new KuaiRandConfig(directory, labelWindow, activeDegree, value);
  }
}
