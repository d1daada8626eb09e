package io.tagstream.features.record;

import io.tagstream.features.bytes.ByteReader;
import io.tagstream.features.bytes.ByteWriter;

/** Labels of one emission that wait until the watermark reaches the event that made them. */
public final class PendingLabels {

  private Action action = Action.NOTHING;
  private long eventTimeMillis;
  private long appendTimeMillis;
  private boolean late;
  private long mask;
  private final long[] values;

  PendingLabels(int tasks) {
    this.values = new long[tasks];
  }

  /**
   * Starts an emission without labels.
   *
   * @param newAction which emission
   * @param newEventTimeMillis event time of what made the labels known
   * @param newAppendTimeMillis append time of it
   * @param isLate whether it came behind the watermark
   */
  public void begin(
      Action newAction, long newEventTimeMillis, long newAppendTimeMillis, boolean isLate) {
    action = newAction;
    eventTimeMillis = newEventTimeMillis;
    appendTimeMillis = newAppendTimeMillis;
    late = isLate;
    mask = 0;
  }

  /** Adds a label: milliseconds for stays, fixed point for the others. */
  public void add(int task, long value) {
    mask |= 1L << task;
    values[task] = value;
  }

  /** Which emission. */
  public Action action() {
    return action;
  }

  /** Event time of what made the labels known. */
  public long eventTimeMillis() {
    return eventTimeMillis;
  }

  /** Append time of it. */
  public long appendTimeMillis() {
    return appendTimeMillis;
  }

  /** Whether it came behind the watermark. */
  public boolean late() {
    return late;
  }

  /** Whether it has a label of this task. */
  public boolean has(int task) {
    return (mask >>> task & 1) != 0;
  }

  /** Whether both have a label of one task. */
  public boolean overlaps(long otherMask) {
    return (mask & otherMask) != 0;
  }

  /** Bit per task that it has a label of. */
  public long mask() {
    return mask;
  }

  /** The task's label: milliseconds for stays, fixed point for the others. */
  public long value(int task) {
    return values[task];
  }

  void writeValues(ByteWriter out) {
    out.varint(mask);
    for (int task = 0; task < values.length; task++) {
      if (has(task)) {
        out.varint(values[task]);
      }
    }
  }

  void readValues(ByteReader in) {
    mask = in.varint();
    for (int task = 0; task < values.length; task++) {
      if (has(task)) {
        values[task] = in.varint();
      }
    }
  }
}
