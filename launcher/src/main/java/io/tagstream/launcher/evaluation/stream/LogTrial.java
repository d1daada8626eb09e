package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.evaluation.ProfileSnapshot;
import io.tagstream.launcher.evaluation.report.ModelReport;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.scoring.Candidates;
import io.tagstream.learner.validation.TaskFigures;
import io.tagstream.profile.ScoredTag;
import io.tagstream.schemas.LearnerInput;
import io.tagstream.schemas.ScoreRequest;
import io.tagstream.schemas.Task;
import io.tagstream.schemas.TrainingSample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One model learning a log from one time to the next: batches by count in the order of the recorded
 * samples, at that time what is left of one; then users are scored, by the fields of what was heard
 * of them last.
 */
final class LogTrial implements AutoCloseable {

  private static final int USERS_AT_ONCE = 2048;

  private final LearnerInputs inputs;
  private final LearnerConfig config;
  private final LogLearner learner;
  private final List<TrainingSample> batch = new ArrayList<>();
  private final Set<String> asked = new TreeSet<>();
  private final TagstreamConfig whole;
  private @Nullable ReportedLearning reported;
  private int next;

  LogTrial(LearnerInputs inputs, TagstreamConfig config, long seed) {
    this.inputs = inputs;
    this.config = config.learner().withSeed(seed);
    this.learner = new LogLearner(this.config);
    this.whole = config;
  }

  /** Gathers what a report tells, from now on. */
  void observe() {
    reported = new ReportedLearning(inputs, whole, config.seed());
  }

  /**
   * What was gathered.
   *
   * @throws IllegalStateException when nothing was to be
   */
  ModelReport report() {
    if (reported == null) {
      throw new IllegalStateException("observe first");
    }
    return reported.report(learner);
  }

  /**
   * The task that tells interests.
   *
   * @throws IllegalArgumentException when none is about clicks
   */
  static int clickTask(List<Task> tasks) {
    for (int k = 0; k < tasks.size(); k++) {
      if (tasks.get(k).kind() == Task.Kind.CLICK) {
        return k;
      }
    }
    throw new IllegalArgumentException("tasks: " + tasks + " - none is about clicks");
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
        asked.add(request.getUserId());
      }
    }
    flush(trained);
  }

  private void flush(LongConsumer trained) {
    if (batch.isEmpty()) {
      return;
    }
    if (reported != null) {
      reported.before(batch, next, learner);
    }
    learner.learn(batch);
    if (reported != null) {
      reported.after(batch.size(), learner);
    }
    trained.accept(batch.size());
    batch.clear();
  }

  /** Users for whom a score was requested since the last call, in order of their ids. */
  List<String> takeAsked() {
    List<String> taken = List.copyOf(asked);
    asked.clear();
    return taken;
  }

  /** Scores of an output's tags for these users; of unknown ones there are none. */
  ProfileSnapshot profiles(Collection<String> wanted, int output) {
    Map<String, Map<String, Float>> profiles = new HashMap<>();
    score(
        wanted,
        output,
        (user, tags) -> {
          Map<String, Float> scores = new HashMap<>();
          tags.forEach(tag -> scores.put(tag.tag(), tag.score()));
          profiles.put(user, scores);
        });
    return profiles::get;
  }

  /**
   * Scores users as the model is now; unknown ones are passed over.
   *
   * @param scored takes each user's candidates of the output, best first
   */
  void score(Collection<String> wanted, int output, BiConsumer<String, List<ScoredTag>> scored) {
    List<String> known = wanted.stream().filter(learner::knows).sorted().toList();
    for (int from = 0; from < known.size(); from += USERS_AT_ONCE) {
      List<String> some = known.subList(from, Math.min(known.size(), from + USERS_AT_ONCE));
      Candidates candidates = learner.score(some);
      for (int u = 0; u < some.size(); u++) {
        List<ScoredTag> tags = new ArrayList<>(candidates.perOutput());
        for (int rank = 0; rank < candidates.perOutput(); rank++) {
          tags.add(
              new ScoredTag(candidates.tag(u, output, rank), candidates.score(u, output, rank)));
        }
        scored.accept(some.get(u), tags);
      }
    }
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
