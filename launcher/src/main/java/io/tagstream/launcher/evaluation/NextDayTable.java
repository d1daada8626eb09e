package io.tagstream.launcher.evaluation;

import java.util.List;
import java.util.Map;

/**
 * Tomorrow's clicks, method by method; writes as JSON as it is.
 *
 * @param days the days whose clicks were predicted, oldest first
 * @param untaggedImpressions impressions without tags, left out
 * @param untaggedClicks clicks on them, left out
 * @param rows one per method, group of users and average
 */
public record NextDayTable(
    List<Day> days, long untaggedImpressions, long untaggedClicks, List<Row> rows) {

  /**
   * One day.
   *
   * @param date the day
   * @param knownUsers users with a click on a tagged item that day, seen before it
   * @param newUsers the same, first seen that day: every method gives them popularity
   * @param rankableUsers those of both who were shown clicked and unclicked tags
   */
  public record Day(String date, int knownUsers, int newUsers, int rankableUsers) {}

  /**
   * One line of figures.
   *
   * @param method {@code popularity}, {@code counts}, {@code decayedCounts}, {@code smoothedCounts}
   *     or a model's name
   * @param users {@code all}, {@code known} or {@code new}
   * @param average {@code micro}: over all user-days; {@code perDay}: over users, then over days
   * @param userDays users with a click, summed over days
   * @param metrics {@code P@K}, {@code R@K}, {@code HR@K}, {@code NDCG@K} over all tags; {@code
   *     shownAUC} and {@code shownNDCG@3} over the tags a user was shown that day, for users who
   *     were shown clicked and unclicked tags. What no user has is absent
   */
  public record Row(
      String method, String users, String average, int userDays, Map<String, Double> metrics) {}

  public NextDayTable {
    days = List.copyOf(days);
    rows = List.copyOf(rows);
  }
}
