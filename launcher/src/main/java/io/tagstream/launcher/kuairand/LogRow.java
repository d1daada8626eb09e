package io.tagstream.launcher.kuairand;

import java.util.List;
import org.apache.commons.csv.CSVRecord;

/**
 * One row of the log, as far as it becomes events.
 *
 * @param userId the user
 * @param videoId the video
 * @param timeMillis {@code time_ms}
 * @param tab where it was shown
 * @param click {@code is_click}
 * @param playMillis {@code play_time_ms}
 * @param conversions bit i for {@link #CONVERSION_TYPES}'s i-th
 */
record LogRow(
    String userId,
    String videoId,
    long timeMillis,
    String tab,
    boolean click,
    long playMillis,
    int conversions) {

  /** Types of conversions, in the order they are emitted. */
  static final List<String> CONVERSION_TYPES =
      List.of("like", "follow", "comment", "forward", "profile_enter");

  /** Columns a log must have. */
  static final List<String> COLUMNS =
      List.of(
          "user_id",
          "video_id",
          "time_ms",
          "tab",
          "is_click",
          "play_time_ms",
          "is_like",
          "is_follow",
          "is_comment",
          "is_forward",
          "is_profile_enter");

  /** A row that becomes no events; the message is the reason it is counted under. */
  static final class Unreadable extends Exception {
    Unreadable(String reason) {
      super(reason);
    }
  }

  /**
   * Reads a row.
   *
   * @throws Unreadable when a field breaks a rule
   */
  static LogRow of(CSVRecord row) throws Unreadable {
    if (!row.isConsistent()) {
      throw new Unreadable("columns do not fit the header");
    }
    int conversions = 0;
    for (int i = 0; i < CONVERSION_TYPES.size(); i++) {
      conversions |= flag(row, "is_" + CONVERSION_TYPES.get(i)) ? 1 << i : 0;
    }
    LogRow read =
        new LogRow(
            text(row, "user_id"),
            text(row, "video_id"),
            number(row, "time_ms"),
            text(row, "tab"),
            flag(row, "is_click"),
            number(row, "play_time_ms"),
            conversions);
    if (read.timeMillis <= 0) {
      throw new Unreadable("time_ms is not positive");
    }
    if (read.playMillis < 0) {
      throw new Unreadable("play_time_ms is negative");
    }
    return read;
  }

  /** Names the showing; rows that repeat it have the same. */
  String impressionId() {
    return userId + '-' + videoId + '-' + timeMillis;
  }

  private static boolean flag(CSVRecord row, String column) throws Unreadable {
    String value = row.get(column);
    if (!value.equals("0") && !value.equals("1")) {
      throw new Unreadable(column + " is neither 0 nor 1");
    }
    return value.equals("1");
  }

  private static String text(CSVRecord row, String column) throws Unreadable {
    String value = row.get(column).strip();
    if (value.isEmpty()) {
      throw new Unreadable(column + " is empty");
    }
    return value;
  }

  private static long number(CSVRecord row, String column) throws Unreadable {
    try {
      return Long.parseLong(row.get(column).strip());
    } catch (NumberFormatException e) {
      throw new Unreadable(column + " is no whole number");
    }
  }
}
