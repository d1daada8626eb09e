package io.tagstream.learner.scoring;

import java.util.List;

/** Candidates of users, per task best first; ties by order in the vocabulary. */
public final class Candidates {
  private final int users;
  private final int tasks;
  private final int perTask;
  private final List<String> vocabulary;
  private final int[] tags;
  private final float[] scores;

  public Candidates(
      int users, int tasks, int perTask, List<String> vocabulary, int[] tags, float[] scores) {
    this.users = users;
    this.tasks = tasks;
    this.perTask = perTask;
    this.vocabulary = vocabulary;
    this.tags = tags;
    this.scores = scores;
  }

  /** Number of users {@code U}. */
  public int users() {
    return users;
  }

  /** Number of tasks {@code K}. */
  public int tasks() {
    return tasks;
  }

  /**
   * Candidates per user and task, {@code C}: K and margin, or the whole vocabulary where that is
   * smaller.
   */
  public int perTask() {
    return perTask;
  }

  /** Names that {@code tags} index. */
  public List<String> vocabulary() {
    return vocabulary;
  }

  /** {@code [U, K, C]}: index in the vocabulary. */
  public int[] tags() {
    return tags;
  }

  /** {@code [U, K, C]}: probability of the task's label. */
  public float[] scores() {
    return scores;
  }

  /** Name of a user's candidate of a rank in a task. */
  public String tag(int user, int task, int rank) {
    return vocabulary.get(tags[(user * tasks + task) * perTask + rank]);
  }

  /** Probability of a user's candidate of a rank in a task. */
  public float score(int user, int task, int rank) {
    return scores[(user * tasks + task) * perTask + rank];
  }
}
