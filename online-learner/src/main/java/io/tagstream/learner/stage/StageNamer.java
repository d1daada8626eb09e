package io.tagstream.learner.stage;

import io.tagstream.schemas.Task;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * Names a user's stage by medians over users (STAN):
 *
 * <pre>CTR ≤ median → New;  else stay ≤ median → Wander;  else CVR ≤ median → Stick;  else Loyal
 * </pre>
 *
 * <p>Each user is in the histogram of a task once, with the pseudo-label known last: {@link
 * #replace} takes the one before out. So a busy user does not pull the median, and nothing has to
 * decay. A user who went silent keeps the last value until forgotten.
 *
 * <p>A step of the rule looks at the first task of its kind; a kind without a task, or without
 * history of this user, is passed over. Without click history the name is unknown.
 */
public final class StageNamer {

  private static final byte VERSION = 1;

  /** Pseudo-labels are counted in millionths, to three digits. */
  private static final int UNITS = 1_000_000;

  private static final int DIGITS = 3;

  private final List<Histogram> histograms = new ArrayList<>();
  private final int click;
  private final int stay;
  private final int conversion;

  /** Names by these tasks, with no users known. */
  public StageNamer(List<Task> tasks) {
    this.click = firstOf(tasks, Task.Kind.CLICK);
    this.stay = firstOf(tasks, Task.Kind.STAY);
    this.conversion = firstOf(tasks, Task.Kind.CONVERSION);
    for (int k = 0; k < tasks.size(); k++) {
      histograms.add(new Histogram(UNITS, DIGITS));
    }
  }

  /**
   * A user's pseudo-label of a task has changed.
   *
   * @param before the one given to the last call for this user, NaN when there was none
   * @param after the one of now, in [0, 1]; NaN takes the user out
   */
  public void replace(int task, float before, float after) {
    Histogram histogram = histograms.get(task);
    if (!Float.isNaN(before)) {
      histogram.recordValueWithCount(units(before), -1);
    }
    if (!Float.isNaN(after)) {
      histogram.recordValueWithCount(units(after), 1);
    }
  }

  /**
   * The user's name.
   *
   * @param pseudoLabels {@code [K]} the user's mean labels, NaN where there is no history
   */
  public StageName name(float[] pseudoLabels) {
    if (click >= 0 && Float.isNaN(pseudoLabels[click])) {
      return StageName.UNKNOWN;
    }
    if (atMostMedian(click, pseudoLabels)) {
      return StageName.NEW;
    }
    if (atMostMedian(stay, pseudoLabels)) {
      return StageName.WANDER;
    }
    if (atMostMedian(conversion, pseudoLabels)) {
      return StageName.STICK;
    }
    return StageName.LOYAL;
  }

  private boolean atMostMedian(int task, float[] pseudoLabels) {
    if (task < 0 || Float.isNaN(pseudoLabels[task])) {
      return false;
    }
    Histogram histogram = histograms.get(task);
    if (histogram.getTotalCount() == 0) {
      return false;
    }
    return histogram.highestEquivalentValue(units(pseudoLabels[task]))
        <= histogram.getValueAtPercentile(50);
  }

  private static long units(float pseudoLabel) {
    if (!(pseudoLabel >= 0 && pseudoLabel <= 1)) {
      throw new IllegalArgumentException(
          "stage: pseudo-label " + pseudoLabel + " - must be in [0, 1]");
    }
    return Math.round((double) pseudoLabel * UNITS);
  }

  private static int firstOf(List<Task> tasks, Task.Kind kind) {
    for (int k = 0; k < tasks.size(); k++) {
      if (tasks.get(k).kind() == kind) {
        return k;
      }
    }
    return -1;
  }

  /**
   * Layout 1, big-endian: version, tasks (bytes); per task a length (int) and an HdrHistogram in
   * its own V2 encoding.
   */
  public byte[] toBytes() {
    int capacity = 2;
    for (Histogram histogram : histograms) {
      capacity += Integer.BYTES + histogram.getNeededByteBufferCapacity();
    }
    ByteBuffer buffer = ByteBuffer.allocate(capacity).put(VERSION).put((byte) histograms.size());
    for (Histogram histogram : histograms) {
      int at = buffer.position();
      buffer.putInt(0);
      int length = histogram.encodeIntoByteBuffer(buffer);
      buffer.putInt(at, length);
    }
    byte[] bytes = new byte[buffer.position()];
    buffer.flip().get(bytes);
    return bytes;
  }

  /**
   * Takes over the state of {@link #toBytes}.
   *
   * @throws IllegalArgumentException when version, task count or length do not fit
   */
  public void restore(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (bytes.length < 2 || buffer.get() != VERSION || buffer.get() != histograms.size()) {
      throw new IllegalArgumentException(
          String.format(
              "stage medians: %d bytes - this release reads version %d with %d tasks",
              bytes.length, VERSION, histograms.size()));
    }
    for (int k = 0; k < histograms.size(); k++) {
      int length = buffer.remaining() < Integer.BYTES ? -1 : buffer.getInt();
      if (length < 0 || length > buffer.remaining()) {
        throw new IllegalArgumentException("stage medians: cut off at " + bytes.length);
      }
      ByteBuffer one = buffer.slice(buffer.position(), length);
      try {
        histograms.set(k, decoded(one));
      } catch (DataFormatException e) {
        throw new IllegalArgumentException("stage medians: histogram of task " + k, e);
      }
      buffer.position(buffer.position() + length);
    }
    if (buffer.hasRemaining()) {
      throw new IllegalArgumentException(
          "stage medians: " + buffer.remaining() + " bytes left over behind the whole of it");
    }
  }

  private static Histogram decoded(ByteBuffer bytes) throws DataFormatException {
    Histogram histogram = new Histogram(UNITS, DIGITS);
    histogram.add(Histogram.decodeFromByteBuffer(bytes, UNITS));
    return histogram;
  }
}
