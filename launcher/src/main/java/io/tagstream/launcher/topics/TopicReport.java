package io.tagstream.launcher.topics;

import java.util.List;

/**
 * What was found or done with one topic.
 *
 * @param name its name on the broker
 * @param status what was found or done
 * @param differences for {@link Status#DIFFERENT}: each in words
 */
public record TopicReport(String name, Status status, List<String> differences) {

  /** What was found or done. */
  public enum Status {
    OK,
    CREATED,
    MISSING,
    DIFFERENT
  }

  public TopicReport {
    differences = List.copyOf(differences);
  }

  /** Whether a job can run with the topic as it is. */
  public boolean usable() {
    return status == Status.OK || status == Status.CREATED;
  }
}
