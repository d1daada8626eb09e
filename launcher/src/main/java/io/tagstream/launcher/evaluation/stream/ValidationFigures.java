package io.tagstream.launcher.evaluation.stream;

import io.tagstream.learner.validation.TaskFigures;
import io.tagstream.schemas.Task;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Progressive validation as figures of a trial, under the tasks' names. */
final class ValidationFigures {

  private ValidationFigures() {}

  /** Adds what is defined of each task. */
  static void add(Map<String, Double> figures, List<Task> tasks, List<TaskFigures> validation) {
    for (int k = 0; k < tasks.size(); k++) {
      String task = tasks.get(k).name();
      TaskFigures of = validation.get(k);
      put(figures, task + " AUC", of.auc());
      put(figures, task + " GAUC", of.gauc());
      put(figures, task + " log loss", of.logLoss());
      put(figures, task + " predicted/observed", of.predictedOverObserved());
    }
  }

  /** Adds a figure where it is defined. */
  static void put(Map<String, Double> figures, String name, @Nullable Double value) {
    if (value != null) {
      figures.put(name, value);
    }
  }
}
