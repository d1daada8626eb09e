package io.tagstream.ingestion.join;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Labels of one impression that became known. Click, stay and window's end come once for an
 * impression, conversion and correction once for each conversion task.
 *
 * @param timeMillis when it became known: the event's time, for a conversion that needs a click the
 *     later one of both, for the window's end that end
 * @param appendTimeMillis append time of the record that made it known; null for the window's end
 * @param late whether that record came behind the watermark
 * @param revision whether this replaces an earlier emission with a later (time, value)
 */
public record LabelFact(
    String impressionId,
    long impressionTimeMillis,
    LabelKind kind,
    List<Value> labels,
    long timeMillis,
    @Nullable Long appendTimeMillis,
    boolean late,
    boolean revision) {

  /**
   * One label.
   *
   * @param task index among the configured tasks
   * @param value 0 or 1, for a stay its milliseconds
   */
  public record Value(int task, double value) {}
}
