package io.tagstream.learner.stage;

import io.tagstream.learner.StageConfig;
import io.tagstream.learner.StageConfig.Normalise;
import java.nio.ByteBuffer;

/**
 * The weights {@code γ} of a batch's rows: draws each by {@link BetaStage} and, when configured,
 * keeps each task's mean weight at 1.
 *
 * <p>{@code stage.normalise = task-mean} divides by the task's running mean (decay {@value #DECAY}
 * per row, corrected for its start), so that a rare task, whose {@code γ} is about its rate, keeps
 * its gradients. The running mean takes the row in first: a weight never divides by a mean that
 * does not know it.
 *
 * <p>A batch that is not applied must not move the means: see {@link #mark} and {@link #reset}.
 */
public final class StageWeigher {

  static final double DECAY = 0.9999;

  private static final byte VERSION = 1;

  private final BetaStage stage;
  private final boolean normalise;
  private final long seed;

  /** Per task: decayed sum of weights, decayed number of weights. */
  private final double[] sums;

  private final double[] counts;
  private final double[] markedSums;
  private final double[] markedCounts;

  /** Weights by this configuration, with no mean known. */
  public StageWeigher(StageConfig config, int tasks, long seed) {
    this.stage = new BetaStage(config);
    this.normalise = config.normalise() == Normalise.TASK_MEAN;
    this.seed = seed;
    this.sums = new double[tasks];
    this.counts = new double[tasks];
    this.markedSums = new double[tasks];
    this.markedCounts = new double[tasks];
  }

  /**
   * The weight of one impression's task; counts its label in the user's stages.
   *
   * @param stages the user's
   * @param user 64-bit hash of the user id
   * @param impression 64-bit hash of the impression id
   * @param task index of the task
   * @param prediction {@code ỹ}, in [0, 1]
   * @param counted whether the batch brings the task's label of this impression for the first time
   * @param eventTimeMillis when the impression was shown
   */
  public float weigh(
      UserStages stages,
      long user,
      long impression,
      int task,
      double prediction,
      boolean counted,
      long eventTimeMillis) {
    double gamma =
        stage.weigh(
            stages,
            task,
            prediction,
            counted,
            eventTimeMillis,
            GammaSampler.seed(user, impression, task, seed));
    if (!normalise) {
      return (float) gamma;
    }
    sums[task] = DECAY * sums[task] + gamma;
    counts[task] = DECAY * counts[task] + 1;
    double mean = sums[task] / counts[task];
    return mean > 0 ? (float) (gamma / mean) : 1;
  }

  /** Remembers the means of now. */
  public void mark() {
    System.arraycopy(sums, 0, markedSums, 0, sums.length);
    System.arraycopy(counts, 0, markedCounts, 0, counts.length);
  }

  /** Goes back to the last {@link #mark}. */
  public void reset() {
    System.arraycopy(markedSums, 0, sums, 0, sums.length);
    System.arraycopy(markedCounts, 0, counts, 0, counts.length);
  }

  /** Layout 1, big-endian: version, tasks (bytes); per task sum and count (doubles). */
  public byte[] toBytes() {
    ByteBuffer buffer = ByteBuffer.allocate(2 + sums.length * 2 * Double.BYTES);
    buffer.put(VERSION).put((byte) sums.length);
    for (int k = 0; k < sums.length; k++) {
      buffer.putDouble(sums[k]).putDouble(counts[k]);
    }
    return buffer.array();
  }

  /**
   * Takes over the state of {@link #toBytes}.
   *
   * @throws IllegalArgumentException when version, task count or length do not fit
   */
  public void restore(byte[] bytes) {
    int length = 2 + sums.length * 2 * Double.BYTES;
    if (bytes.length != length || bytes[0] != VERSION || bytes[1] != sums.length) {
      throw new IllegalArgumentException(
          String.format(
              "stage weights: %d bytes - this release reads version %d with %d tasks, %d bytes",
              bytes.length, VERSION, sums.length, length));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 2, length - 2);
    for (int k = 0; k < sums.length; k++) {
      sums[k] = buffer.getDouble();
      counts[k] = buffer.getDouble();
    }
  }
}
