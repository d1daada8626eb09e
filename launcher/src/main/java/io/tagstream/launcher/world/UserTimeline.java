package io.tagstream.launcher.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What one planted user likes and in which stage they are, at every time: a function of the world's
 * seed and the user, found by extending it as far as it is asked for. Not thread-safe.
 */
final class UserTimeline {

  /** Liked topics from a time on. */
  private record Liking(long fromMillis, List<Integer> topics) {}

  /** A stage from a time on. */
  private record Staying(long fromMillis, LifecycleStage stage) {}

  /**
   * A topic that came to be liked.
   *
   * @param untilMillis when it is liked no more; {@link Long#MAX_VALUE} where that comes later than
   *     was asked for
   */
  record Entry(int topic, long atMillis, long untilMillis) {}

  private final int topics;
  private final double driftMeanMillis;
  private final double stageMeanMillis;
  private final SeededRandom driftRandom;
  private final SeededRandom stageRandom;
  private final List<Liking> likings = new ArrayList<>(2);
  private final List<Staying> stages = new ArrayList<>(2);
  private long nextDriftMillis;
  private long nextStageMillis;

  UserTimeline(PlantedWorldConfig config, int user) {
    topics = config.topics();
    driftMeanMillis = millis(config.driftMean());
    stageMeanMillis = millis(config.stageMean());
    driftRandom = new SeededRandom(config.seed(), "drift", user);
    stageRandom = new SeededRandom(config.seed(), "stage", user);
    List<Integer> liked = new ArrayList<>();
    while (liked.size() < config.likedTopics()) {
      liked.add(unliked(liked));
    }
    likings.add(new Liking(config.startMillis(), List.copyOf(liked)));
    stages.add(new Staying(config.startMillis(), LifecycleStage.first(stageRandom)));
    nextDriftMillis = after(config.startMillis(), driftRandom, driftMeanMillis);
    nextStageMillis = after(config.startMillis(), stageRandom, stageMeanMillis);
  }

  /** The topics liked at this time. */
  List<Integer> likedTopics(long timeMillis) {
    driftUpTo(timeMillis);
    int i = likings.size() - 1;
    while (i > 0 && likings.get(i).fromMillis() > timeMillis) {
      i--;
    }
    return likings.get(i).topics();
  }

  /**
   * The topics that came to be liked before a time, in order of their coming; without those liked
   * from the start.
   */
  List<Entry> entries(long untilMillis) {
    driftUpTo(untilMillis - 1);
    List<Entry> entries = new ArrayList<>();
    for (int i = 1; i < likings.size() && likings.get(i).fromMillis() < untilMillis; i++) {
      List<Integer> before = likings.get(i - 1).topics();
      for (int topic : likings.get(i).topics()) {
        if (!before.contains(topic)) {
          entries.add(new Entry(topic, likings.get(i).fromMillis(), leaves(topic, i, untilMillis)));
        }
      }
    }
    return entries;
  }

  /** When a topic that is liked from a liking on is liked no more. */
  private long leaves(int topic, int liking, long untilMillis) {
    for (int i = liking + 1; i < likings.size(); i++) {
      if (likings.get(i).fromMillis() < untilMillis && !likings.get(i).topics().contains(topic)) {
        return likings.get(i).fromMillis();
      }
    }
    return Long.MAX_VALUE;
  }

  private void driftUpTo(long timeMillis) {
    while (nextDriftMillis <= timeMillis) {
      List<Integer> liked = new ArrayList<>(likings.get(likings.size() - 1).topics());
      int entered = unliked(liked);
      liked.set(driftRandom.nextInt(liked.size()), entered);
      likings.add(new Liking(nextDriftMillis, List.copyOf(liked)));
      nextDriftMillis = after(nextDriftMillis, driftRandom, driftMeanMillis);
    }
  }

  /** The stage at this time. */
  LifecycleStage stage(long timeMillis) {
    while (nextStageMillis <= timeMillis) {
      LifecycleStage following = stages.get(stages.size() - 1).stage().following(stageRandom);
      stages.add(new Staying(nextStageMillis, following));
      nextStageMillis = after(nextStageMillis, stageRandom, stageMeanMillis);
    }
    int i = stages.size() - 1;
    while (i > 0 && stages.get(i).fromMillis() > timeMillis) {
      i--;
    }
    return stages.get(i).stage();
  }

  /** A topic, evenly drawn, that is not among these. */
  private int unliked(List<Integer> liked) {
    int topic = driftRandom.nextInt(topics);
    while (liked.contains(topic)) {
      topic = driftRandom.nextInt(topics);
    }
    return topic;
  }

  private static long after(long millis, SeededRandom random, double mean) {
    return millis + 1 + (long) random.exponential(mean);
  }

  private static double millis(Duration duration) {
    return duration.toMillis();
  }
}
