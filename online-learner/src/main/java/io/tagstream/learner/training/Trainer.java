package io.tagstream.learner.training;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.scoring.ProfileScorer;

/** One model in training: {@link #step} by step. Used by one thread at a time. */
@SuppressWarnings("DoNotCallSuggester")
public final class Trainer implements AutoCloseable {

  public Trainer(LearnerConfig config) {
    throw new UnsupportedOperationException("coming: " + config);
  }

  /**
   * Scores a batch, then trains on it.
   *
   * @param batch may have no rows
   * @param weights called once with the stage head's predictions; not called when {@code
   *     stage.gamma = off}
   */
  public StepReport step(MicroBatch batch, StageWeights weights) {
    throw new UnsupportedOperationException();
  }

  /** Steps applied so far. */
  public long step() {
    throw new UnsupportedOperationException();
  }

  /** Rows of the embedding table that hold a feature. */
  public long embeddingRows() {
    throw new UnsupportedOperationException();
  }

  /** The complete state, frozen; cheap. */
  public TrainerCapture capture() {
    throw new UnsupportedOperationException();
  }

  /**
   * Continues from a captured state, bit for bit.
   *
   * @throws IllegalArgumentException when it was captured under another model configuration
   */
  public void restore(TrainerCapture capture) {
    throw new UnsupportedOperationException();
  }

  /** SHA-256 over the complete state, lower-case hex; independent of the order rows came in. */
  public String digest() {
    throw new UnsupportedOperationException();
  }

  /** Scores users with the model as it is now; its tag side is renewed after each applied step. */
  public ProfileScorer scorer() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
