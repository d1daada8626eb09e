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
 */
public record KuaiRandConfig(Path directory, Duration labelWindow, boolean activeDegree) {

  public KuaiRandConfig {
    if (labelWindow.toMillis() < 2) {
      throw new IllegalArgumentException(
          "labels.window: " + labelWindow + " - must be at least two milliseconds");
    }
  }

  /** The folder with a label window of ten minutes and all user attributes. */
  public static KuaiRandConfig of(Path directory) {
    return new KuaiRandConfig(directory, Duration.ofMinutes(10), true);
  }
}
