package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.evaluation.ProfileSnapshot;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.scoring.Candidates;
import io.tagstream.learner.validation.TaskFigures;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.TrainingSample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * One model learning a log day by day: batches by count in the order of the recorded samples, what
 * is left of one at midnight; then users are scored, by the fields of what was heard of them last.
 */
final class DailyTrial implements AutoCloseable {

  private static final int USERS_AT_ONCE = 2048;

  private final LearnerInputs inputs;
  private final LearnerConfig config;
  private final LogLearner learner;
  private final List<TrainingSample> batch = new ArrayList<>();
  private int next;

  DailyTrial(LearnerInputs inputs, TagstreamConfig config, long seed) {
    this.inputs = inputs;
    this.config = config.learner().withSeed(seed);
    this.learner = new LogLearner(this.config);
  }

  /**
   * Learns what became known before a time.
   *
   * @param trained told how many samples were trained
   */
  void learnUntil(long untilMillis, LongConsumer trained) {
    while (next < inputs.size() && inputs.knownAtMillis(next) < untilMillis) {
      LearnerInput input = inputs.get(next++);
      if (input.getBody() instanceof TrainingSample sample) {
        batch.add(sample);
        if (batch.size() == config.batch().size()) {
          flush(trained);
        }
      } else if (input.getBody() instanceof ScoreRequest request) {
        learner.hear(request);
      }
    }
    flush(trained);
  }

  private void flush(LongConsumer trained) {
    if (batch.isEmpty()) {
      return;
    }
    learner.learn(batch);
    trained.accept(batch.size());
    batch.clear();
  }

  /** Scores of an output's tags for these users; of unknown ones there are none. */
  ProfileSnapshot profiles(Collection<String> wanted, int output) {
    Map<String, Map<String, Float>> profiles = new HashMap<>();
    List<String> known = wanted.stream().filter(learner::knows).sorted().toList();
    for (int from = 0; from < known.size(); from += USERS_AT_ONCE) {
      List<String> some = known.subList(from, Math.min(known.size(), from + USERS_AT_ONCE));
      Candidates scored = learner.score(some);
      for (int u = 0; u < some.size(); u++) {
        Map<String, Float> tags = new HashMap<>();
        for (int rank = 0; rank < scored.perOutput(); rank++) {
          tags.put(scored.tag(u, output, rank), scored.score(u, output, rank));
        }
        profiles.put(some.get(u), tags);
      }
    }
    return profiles::get;
  }

  /** What was said of samples before they were learnt, per task. */
  List<TaskFigures> figures() {
    return learner.figures();
  }

  @Override
  public void close() {
    learner.close();
  }
}
