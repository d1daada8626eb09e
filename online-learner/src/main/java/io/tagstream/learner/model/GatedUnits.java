package io.tagstream.learner.model;

import io.tagstream.learner.DtnConfig;
import java.util.List;

/** How tasks choose among units of feature interactions. */
public interface GatedUnits {

  /**
   * How much a unit counts for a task.
   *
   * @param task whose gate
   * @param module whose unit, by task name or {@link DtnConfig#SHARED}
   * @param unit which unit
   * @param mean the gate's weight, mean over rows; weights of one gate sum to 1
   */
  record UnitWeight(String task, String module, DtnConfig.Unit unit, float mean) {}

  /**
   * The gates' weights on a batch, mean over its rows: which units a task would hardly miss.
   *
   * @return for each task, the units of the gate on its own module, then those of its other gate
   */
  List<UnitWeight> unitWeights(Weights w, ModelInputs in);
}
