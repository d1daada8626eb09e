package io.tagstream.launcher.evaluation.interactions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Users with their interactions, oldest first.
 *
 * @param byUser by user id, in a fixed order
 * @param privilegedVocabulary of what the privileged values are
 */
record InteractionLog(Map<String, List<Interaction>> byUser, String privilegedVocabulary) {

  /** Tags that stand at fewer items of all users' interactions say nothing. */
  static final int RARE = 5;

  /** One row of a published table: a tag given, or a rating. */
  private record Dated(long time, Interaction interaction) {}

  /** Collects interactions in any order. */
  static final class Builder {

    private final Map<String, List<Dated>> byUser = new TreeMap<>();

    /** Adds one; those of equal time stay in the order they are added. */
    void add(String user, long time, Interaction interaction) {
      byUser.computeIfAbsent(user, id -> new ArrayList<>()).add(new Dated(time, interaction));
    }

    InteractionLog build(String privilegedVocabulary) {
      Map<String, List<Interaction>> sorted = new TreeMap<>();
      byUser.forEach(
          (user, rows) -> {
            rows.sort(java.util.Comparator.comparingLong(Dated::time));
            sorted.put(user, rows.stream().map(Dated::interaction).toList());
          });
      return new InteractionLog(sorted, privilegedVocabulary);
    }
  }

  /** How often each value is counted. */
  static Map<String, Integer> counts(Iterable<String> values) {
    Map<String, Integer> counts = new HashMap<>();
    values.forEach(value -> counts.merge(value, 1, Integer::sum));
    return counts;
  }

  long interactions() {
    return byUser.values().stream().mapToLong(List::size).sum();
  }

  long distinctTags() {
    return byUser.values().stream()
        .flatMap(List::stream)
        .flatMap(interaction -> interaction.tags().stream())
        .distinct()
        .count();
  }
}
