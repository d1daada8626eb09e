package io.tagstream.ingestion.join;

import io.tagstream.ingestion.ConversionSpace;
import io.tagstream.ingestion.join.OpenImpression.FirstConversion;
import io.tagstream.schemas.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Positive conversion labels as a function of what is known of an impression. State holds
 * conversion types, not tasks, so tasks may change between runs.
 */
final class ConversionLabels {

  private final JoinRules rules;

  /**
   * A task's positive label.
   *
   * @param task index among the configured tasks
   * @param kind {@link LabelKind#CONVERSION} or {@link LabelKind#CORRECTION}
   */
  record Label(int task, LabelKind kind, long timeMillis, boolean late) {}

  ConversionLabels(JoinRules rules) {
    this.rules = rules;
  }

  /** The positive labels of all conversion tasks, in the order of tasks. */
  List<Label> of(OpenImpression impression) {
    if (impression.conversions.isEmpty()) {
      return List.of();
    }
    List<Label> labels = new ArrayList<>(1);
    for (int task = 0; task < rules.tasks().size(); task++) {
      Label label = of(impression, task);
      if (label != null) {
        labels.add(label);
      }
    }
    return labels;
  }

  /** Whether the task has a positive label. */
  boolean known(OpenImpression impression, int task) {
    return of(impression, task) != null;
  }

  static @Nullable Label find(List<Label> labels, int task) {
    for (Label label : labels) {
      if (label.task() == task) {
        return label;
      }
    }
    return null;
  }

  private @Nullable Label of(OpenImpression impression, int task) {
    Task asked = rules.tasks().get(task);
    boolean needsClick = rules.conversionSpace() == ConversionSpace.CLICKED;
    if (asked.kind() != Task.Kind.CONVERSION || (needsClick && !impression.clicked())) {
      return null;
    }
    FirstConversion first = null;
    for (FirstConversion conversion : impression.conversions) {
      if (asked.conversionTypes().contains(conversion.type())
          && (first == null || precedes(conversion, first))) {
        first = conversion;
      }
    }
    if (first == null) {
      return null;
    }
    // A conversion before its click is a label of the clicked space only from the click on.
    boolean clickDecides = needsClick && impression.clickMillis > first.timeMillis();
    return new Label(
        task,
        first.afterClose() ? LabelKind.CORRECTION : LabelKind.CONVERSION,
        clickDecides ? impression.clickMillis : first.timeMillis(),
        clickDecides ? impression.clickLate : first.late());
  }

  /**
   * What came within the window goes before what corrects; then the earlier one, then the timely.
   */
  private static boolean precedes(FirstConversion one, FirstConversion other) {
    if (one.afterClose() != other.afterClose()) {
      return other.afterClose();
    }
    if (one.timeMillis() != other.timeMillis()) {
      return one.timeMillis() < other.timeMillis();
    }
    return !one.late() && other.late();
  }
}
