package io.tagstream.learner.validation;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Figures per task over a sliding window of impressions scored before they were trained.
 *
 * <p>Each task's label enters its window once: corrections change calibration (see {@link
 * MaturedImpressions}) and no ranking figure, because the model has been trained on the very label
 * they take back. An impression with several tags is one row; its probability is the caller's.
 *
 * <p>Not thread-safe.
 */
public final class ProgressiveValidation {

  private static final byte VERSION = 1;

  private final int tasks;
  private final List<ScoredWindow> windows = new ArrayList<>();
  private final MaturedImpressions matured;

  /**
   * An empty validation.
   *
   * @param tasks number of tasks, at least 1
   * @param windowRows rows per task the ranking figures look at, at least 1
   * @param impressions matured impressions calibration looks at, and the most that may wait
   */
  public ProgressiveValidation(int tasks, int windowRows, int impressions) {
    if (tasks < 1 || windowRows < 1 || impressions < 1) {
      throw new IllegalArgumentException(
          String.format(
              "validation: %d tasks, window of %d rows, %d impressions - each must be at least 1",
              tasks, windowRows, impressions));
    }
    this.tasks = tasks;
    for (int k = 0; k < tasks; k++) {
      windows.add(new ScoredWindow(windowRows));
    }
    this.matured = new MaturedImpressions(tasks, impressions);
  }

  /**
   * Takes an impression's predictions and labels in.
   *
   * @throws IllegalArgumentException when a probability is not in [0, 1]
   */
  public void observe(ScoredImpression scored) {
    for (int k = 0; k < tasks; k++) {
      float p = scored.probabilities()[k];
      if (!(p >= 0 && p <= 1)) {
        throw new IllegalArgumentException(
            "validation: probability " + p + " of task " + k + " - must be in [0, 1]");
      }
      if (scored.counted()[k]) {
        // + 0f turns −0 into 0, whose bits would sort above 1
        windows.get(k).add(scored.user(), p + 0f, scored.labels()[k]);
      }
    }
    matured.observe(scored);
  }

  /** The figures now, one entry per task. Sorts each window: a few milliseconds for 50,000 rows. */
  public List<TaskFigures> figures() {
    List<TaskFigures> figures = new ArrayList<>(tasks);
    for (int k = 0; k < tasks; k++) {
      ScoredWindow window = windows.get(k);
      RankingMetrics metrics = window.metrics();
      figures.add(
          new TaskFigures(
              window.size(),
              window.positives(),
              metrics.auc(),
              metrics.gauc(),
              metrics.logLoss(),
              metrics.ndcg(),
              matured.predictedOverObserved(k)));
    }
    return figures;
  }

  /**
   * The whole state. Layout 1, big-endian: version, tasks (bytes); per task the rows (int) and,
   * from the oldest, user (long), probability, label (floats); then what {@link MaturedImpressions}
   * writes: closed-up-to time (long), waiting count (int) with id, time (longs) and per task
   * prediction, label (floats), known (byte); matured count (int) with id and the same entries.
   */
  public byte[] toBytes() {
    int length = 2 + matured.bytes();
    for (ScoredWindow window : windows) {
      length += window.bytes();
    }
    ByteBuffer buffer = ByteBuffer.allocate(length).put(VERSION).put((byte) tasks);
    windows.forEach(window -> window.write(buffer));
    matured.write(buffer);
    return buffer.array();
  }

  /**
   * Takes over the state of {@link #toBytes}; this validation must be empty. What does not fit this
   * one's smaller windows is left out, oldest first.
   *
   * @throws IllegalArgumentException when version, task count or length do not fit
   */
  public void restore(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      byte version = buffer.get();
      byte storedTasks = buffer.get();
      if (version != VERSION || storedTasks != tasks) {
        throw new IllegalArgumentException(
            String.format(
                "validation state: version %d with %d tasks - this release reads version %d with"
                    + " the %d configured tasks; start without this state or restore the"
                    + " configuration it was written with",
                version, storedTasks, VERSION, tasks));
      }
      windows.forEach(window -> window.read(buffer));
      matured.read(buffer);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("validation state: cut off at " + bytes.length, e);
    }
    if (buffer.hasRemaining()) {
      throw new IllegalArgumentException(
          "validation state: " + buffer.remaining() + " bytes left over behind the whole of it");
    }
  }
}
