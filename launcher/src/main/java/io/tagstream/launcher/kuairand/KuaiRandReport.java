package io.tagstream.launcher.kuairand;

import java.util.Map;

/**
 * What became of every row; writes as JSON as it is. {@code rowsRead = rowsPlayed + rowsSkipped}.
 *
 * @param rowsRead data rows of all log files
 * @param rowsPlayed rows that became events
 * @param rowsSkipped rows that became none
 * @param skipped skipped rows by reason
 * @param repeatedRows played rows that repeat an earlier (user, video, time); they repeat its
 *     events
 * @param repeatsDiffering those among them that say something else than the first; the first counts
 * @param untaggedRows played rows whose video has no tag
 * @param users users of played rows
 * @param usersWithoutAttributes those among them that the user table lacks
 * @param unusedUsers users of the user table without a row
 * @param events events by topic, users included
 */
public record KuaiRandReport(
    long rowsRead,
    long rowsPlayed,
    long rowsSkipped,
    Map<String, Long> skipped,
    long repeatedRows,
    long repeatsDiffering,
    long untaggedRows,
    long users,
    long usersWithoutAttributes,
    long unusedUsers,
    Map<String, Long> events) {}
