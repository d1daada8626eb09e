package io.tagstream.launcher.evaluation.report;

import io.tagstream.learner.model.GatedUnits.UnitWeight;
import io.tagstream.learner.scoring.TagGates;
import io.tagstream.learner.validation.TaskFigures;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a model.
 *
 * @param tasks names of the {@code K} tasks
 * @param curve validation while it learnt, in order: progressive on a stream, of each epoch else
 * @param importance of user fields, of which the model had not learnt yet; null when there were too
 *     few samples
 * @param gates which experts serve which tags; null for a network without such gates
 * @param units what each task's gates weigh on the samples of {@code importance}; empty for a
 *     network without gates of units
 */
public record ModelReport(
    List<String> tasks,
    List<CurvePoint> curve,
    @Nullable Importance importance,
    @Nullable TagGates gates,
    List<UnitWeight> units) {

  public ModelReport {
    tasks = List.copyOf(tasks);
    curve = List.copyOf(curve);
    units = List.copyOf(units);
  }

  /**
   * How well a model did.
   *
   * @param samples how many it had learnt
   * @param figures of the validation's window then, per task
   */
  public record CurvePoint(long samples, List<TaskFigures> figures) {}

  /**
   * Permutation feature importance.
   *
   * @param samples on how many it was measured
   * @param fields names of the user fields, {@code F}
   * @param loss of AUC when the field is permuted, {@code [F][K]}; NaN where it is not defined
   */
  @SuppressWarnings("ArrayRecordComponent") // written out, never compared
  public record Importance(int samples, List<String> fields, double[][] loss) {}
}
