package io.tagstream.features.transition;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.record.Action;
import io.tagstream.features.record.PendingLabels;
import io.tagstream.features.stay.StayBins;
import io.tagstream.features.stay.StayEdges;
import io.tagstream.features.window.RollingLabels;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.Task;
import io.tagstream.schemas.TaskLabel;
import java.util.List;

/** The configured tasks: finds a label's task, and what a raw label is worth. */
final class LabelTasks {

  private final String[] names;
  private final boolean[] stay;
  private final StayBins bins;

  LabelTasks(FeaturesConfig config, StayBins bins) {
    int count = config.tasks().size();
    this.names = new String[count];
    this.stay = new boolean[count];
    for (int task = 0; task < count; task++) {
      names[task] = config.tasks().get(task).name();
      stay[task] = config.tasks().get(task).kind() == Task.Kind.STAY;
    }
    this.bins = bins;
  }

  int count() {
    return names.length;
  }

  /** Adds an emission's labels to what waits for its time. */
  void fill(PendingLabels pending, List<TaskLabel> labels) {
    for (TaskLabel label : labels) {
      int task = index(label.getTask());
      pending.add(
          task,
          stay[task]
              ? Math.max(0, (long) label.getValue())
              : RollingLabels.fixed(label.getValue()));
    }
  }

  long mask(List<TaskLabel> labels) {
    long mask = 0;
    for (TaskLabel label : labels) {
      mask |= 1L << index(label.getTask());
    }
    return mask;
  }

  /**
   * The label in fixed point, for the statistics.
   *
   * @param impressionTimeMillis decides which bins hold for a stay
   */
  int fixed(int task, PendingLabels pending, long impressionTimeMillis) {
    long value = pending.value(task);
    if (!stay[task]) {
      return (int) value;
    }
    StayEdges edges = bins.at(impressionTimeMillis);
    return RollingLabels.fixed(edges.bin(value) / (double) (edges.bins() - 1));
  }

  /**
   * The label in [0, 1], for samples.
   *
   * @param impressionTimeMillis decides which bins hold for a stay
   */
  float label(int task, PendingLabels pending, long impressionTimeMillis) {
    long value = pending.value(task);
    return stay[task]
        ? bins.at(impressionTimeMillis).label(value)
        : value / (float) RollingLabels.ONE;
  }

  /** Whether these labels speak for the item: any but those that close the window. */
  boolean positive(PendingLabels pending, long impressionTimeMillis) {
    if (pending.action() == Action.WINDOW_CLOSE) {
      return false;
    }
    for (int task = 0; task < names.length; task++) {
      if (pending.has(task) && fixed(task, pending, impressionTimeMillis) > 0) {
        return true;
      }
    }
    return pending.action() == Action.CLICK;
  }

  static Action action(Emission emission) {
    return switch (emission) {
      case CLICK -> Action.CLICK;
      case STAY -> Action.STAY;
      case CONVERSION -> Action.CONVERSION;
      case WINDOW_CLOSE -> Action.WINDOW_CLOSE;
      case CORRECTION -> Action.CORRECTION;
    };
  }

  static Emission emission(Action action) {
    return switch (action) {
      case CLICK -> Emission.CLICK;
      case STAY -> Emission.STAY;
      case CONVERSION -> Emission.CONVERSION;
      case WINDOW_CLOSE -> Emission.WINDOW_CLOSE;
      case CORRECTION -> Emission.CORRECTION;
      default -> throw new IllegalStateException(action + " emits no labels");
    };
  }

  private int index(String name) {
    for (int task = 0; task < names.length; task++) {
      if (names[task].equals(name)) {
        return task;
      }
    }
    throw new IllegalArgumentException(
        "tasks: "
            + String.join(", ", names)
            + " - a label of the task "
            + name
            + " came; ingestion and stream-features must be given the same tasks");
  }
}
