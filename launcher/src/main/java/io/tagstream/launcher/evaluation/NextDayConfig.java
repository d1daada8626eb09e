package io.tagstream.launcher.evaluation;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How tomorrow's clicks are evaluated.
 *
 * @param zone {@code evaluation.zone}: whose midnights part the days
 * @param cutoffs {@code evaluation.cutoffs}: the K of P, R, HR and NDCG
 * @param windowDays {@code evaluation.window-days}: days that popularity and click counts look back
 * @param halfLife {@code evaluation.half-life}: of the counts that decay
 * @param smoothing {@code evaluation.smoothing}: weight of the popularity prior in the smoothed
 *     counts, in clicked tags
 * @param reportFrom {@code evaluation.report-from}: the first day whose clicks are reported; null
 *     for all. Days before it are for tuning
 */
public record NextDayConfig(
    ZoneId zone,
    List<Integer> cutoffs,
    int windowDays,
    Duration halfLife,
    double smoothing,
    @Nullable LocalDate reportFrom) {

  /** Best NDCG@5 of known users on KuaiRand-Pure's days 2 to 4, which no report uses. */
  private static final double DEFAULT_SMOOTHING = 40;

  public NextDayConfig {
    cutoffs = List.copyOf(cutoffs);
    check("cutoffs", cutoffs, !cutoffs.isEmpty() && cutoffs.stream().allMatch(k -> k > 0));
    check("window-days", windowDays, windowDays > 0);
    check("half-life", halfLife, halfLife.toMillis() > 0);
    check("smoothing", smoothing, smoothing > 0 && Double.isFinite(smoothing));
  }

  /** Asia/Shanghai, K of 3, 5 and 10, 30 days, a half-life of 3 days, a prior of 40, all days. */
  public static NextDayConfig defaults() {
    return new NextDayConfig(
        ZoneId.of("Asia/Shanghai"),
        List.of(3, 5, 10),
        30,
        Duration.ofDays(3),
        DEFAULT_SMOOTHING,
        null);
  }

  private static void check(String key, Object value, boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException(
          "evaluation." + key + ": " + value + " - must be positive");
    }
  }
}
