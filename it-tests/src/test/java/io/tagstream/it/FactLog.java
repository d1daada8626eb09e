package io.tagstream.it;

import io.tagstream.schemas.LabeledImpression;
import io.tagstream.schemas.Opened;
import io.tagstream.schemas.TaskLabel;
import io.tagstream.schemas.User;
import io.tagstream.schemas.UserFact;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The facts of every user that have come so far, each once: a revision takes the place of what it
 * revises, unless that has been applied already, and then it is nothing.
 */
final class FactLog {

  private final Map<String, List<UserFact>> byUser = new HashMap<>();

  /** Facts that came behind the watermark. */
  long late;

  List<UserFact> of(String user) {
    return byUser.getOrDefault(user, List.of());
  }

  void add(UserFact fact, long watermark) {
    List<UserFact> facts = byUser.computeIfAbsent(fact.getUserId(), user -> new ArrayList<>());
    if (late(fact, watermark)) {
      late++;
    }
    if (!(fact.getFact() instanceof LabeledImpression labels) || !labels.getRevision()) {
      facts.add(fact);
      return;
    }
    for (int i = 0; i < facts.size(); i++) {
      if (facts.get(i).getFact() instanceof LabeledImpression earlier
          && revises(labels, earlier)
          && earlier.getEventTimeMillis() > watermark) {
        facts.set(i, fact);
        return;
      }
    }
  }

  private static boolean late(UserFact fact, long watermark) {
    if (fact.getFact() instanceof Opened opened) {
      return opened.getLate() || opened.getImpressionTimeMillis() <= watermark;
    }
    if (fact.getFact() instanceof LabeledImpression labels) {
      return labels.getLate() || labels.getEventTimeMillis() <= watermark;
    }
    return ((User) fact.getFact()).getEventTimeMillis() <= watermark;
  }

  private static boolean revises(LabeledImpression revision, LabeledImpression earlier) {
    return earlier.getImpressionId().equals(revision.getImpressionId())
        && earlier.getEmission() == revision.getEmission()
        && !Collections.disjoint(tasks(earlier), tasks(revision));
  }

  private static List<String> tasks(LabeledImpression labels) {
    return labels.getLabels().stream().map(TaskLabel::getTask).toList();
  }
}
