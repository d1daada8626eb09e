package io.tagstream.learner.scoring;

import java.util.List;

/** Candidates of users, per output best first; ties by order in the vocabulary. */
public final class Candidates {
  private final int users;
  private final int outputs;
  private final int perOutput;
  private final List<String> vocabulary;
  private final int[] tags;
  private final float[] scores;

  public Candidates(
      int users, int outputs, int perOutput, List<String> vocabulary, int[] tags, float[] scores) {
    this.users = users;
    this.outputs = outputs;
    this.perOutput = perOutput;
    this.vocabulary = vocabulary;
    this.tags = tags;
    this.scores = scores;
  }

  /** Number of users {@code U}. */
  public int users() {
    return users;
  }

  /** Number of outputs {@code O}: the tasks, and retrieval where it is one. */
  public int outputs() {
    return outputs;
  }

  /**
   * Candidates per user and output, {@code C}: K and margin, or the whole vocabulary where that is
   * smaller.
   */
  public int perOutput() {
    return perOutput;
  }

  /** Names that {@code tags} index. */
  public List<String> vocabulary() {
    return vocabulary;
  }

  /** {@code [U, O, C]}: index in the vocabulary. */
  public int[] tags() {
    return tags;
  }

  /** {@code [U, O, C]}: probability of the output's label. */
  public float[] scores() {
    return scores;
  }

  /** Name of a user's candidate of a rank in an output. */
  public String tag(int user, int output, int rank) {
    return vocabulary.get(tags[(user * outputs + output) * perOutput + rank]);
  }

  /** Probability of a user's candidate of a rank in an output. */
  public float score(int user, int output, int rank) {
    return scores[(user * outputs + output) * perOutput + rank];
  }
}
