package io.tagstream.learner.flink;

import org.jspecify.annotations.Nullable;

/**
 * Which of several models publishes: the champion, as one model's learner knows it.
 *
 * <p>A promotion is in force from the next checkpoint's barrier on. It reached all learners before
 * that barrier, and all see the same requests before it, so each request has one learner to answer
 * it. A checkpoint that is aborted may not have reached all of them: what it changed is taken back
 * until the next one, and what came meanwhile may be answered by both, never by none.
 */
final class Championship {

  private static final long NEVER = -1;

  private final String model;
  private @Nullable String champion;
  private @Nullable String promoted;
  private @Nullable String previous;
  private long changedAtCheckpoint = NEVER;

  /**
   * A start.
   *
   * @param model whose learner this is
   * @param champion who publishes; null until {@link #promote} says so for the first time
   */
  Championship(String model, @Nullable String champion) {
    this.model = model;
    this.champion = champion;
  }

  /** Whether it is known who publishes. */
  boolean isKnown() {
    return champion != null;
  }

  /** Whether this model publishes. */
  boolean isChampion() {
    return model.equals(champion);
  }

  /**
   * Whether this model has just stopped to publish, by a checkpoint that may still be aborted: what
   * it does not answer now may be its to answer.
   */
  boolean isSteppingDown() {
    return changedAtCheckpoint != NEVER && model.equals(previous) && !isChampion();
  }

  /** A model is to be the champion: at once when none is known. */
  void promote(String newChampion) {
    if (champion == null) {
      champion = newChampion;
    } else {
      promoted = newChampion;
    }
  }

  /** A checkpoint's barrier; says whether a promotion came into force, if only of the champion. */
  boolean barrier(long checkpointId) {
    if (promoted == null) {
      return false;
    }
    previous = champion;
    champion = promoted;
    promoted = null;
    changedAtCheckpoint = checkpointId;
    return true;
  }

  /** A checkpoint has completed, and with it all before it. */
  void completed(long checkpointId) {
    if (checkpointId >= changedAtCheckpoint) {
      changedAtCheckpoint = NEVER;
    }
  }

  /** A checkpoint will never complete; says whether a change was taken back. */
  boolean aborted(long checkpointId) {
    if (changedAtCheckpoint == NEVER || checkpointId != changedAtCheckpoint) {
      return false;
    }
    changedAtCheckpoint = NEVER;
    promoted = promoted == null ? champion : promoted;
    champion = previous;
    return true;
  }
}
