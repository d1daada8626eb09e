package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.config.TagstreamConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model's profiles as the job makes them, by event time alone: what became known is learnt, then
 * users are scored who were asked for or were silent for {@code profiles.sweep-interval}. The click
 * task's list is the one that is looked at: in a planted world a liking is what makes a click
 * likelier, whatever is shown.
 */
final class LearntRankings implements PlantedTrial.Rankings {

  private final LogTrial learner;
  private final int output;
  private final PublishedRankings published;
  private final long sweepMillis;
  private final Map<String, Long> scoredAtMillis = new HashMap<>();

  LearntRankings(LogTrial learner, TagstreamConfig config) {
    this.learner = learner;
    this.output = LogTrial.clickTask(config.tasks());
    this.published =
        new PublishedRankings(config.learner().outputs().get(output), config.profiles());
    this.sweepMillis = config.learner().scoring().sweepInterval().toMillis();
  }

  @Override
  public Map<String, List<String>> at(long timeMillis, List<String> clickers) {
    learner.learnUntil(timeMillis, samples -> {});
    Set<String> wanted = new TreeSet<>(learner.takeAsked());
    scoredAtMillis.forEach(
        (user, scoredAt) -> {
          if (sweepMillis > 0 && scoredAt + sweepMillis <= timeMillis) {
            wanted.add(user);
          }
        });
    learner.score(
        wanted,
        output,
        (user, candidates) -> {
          published.scored(user, candidates);
          scoredAtMillis.put(user, timeMillis);
        });
    return published.tags();
  }
}
