package io.tagstream.launcher.evaluation.census;

import io.tagstream.launcher.evaluation.report.ModelReport;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.model.GatedUnits.UnitWeight;
import io.tagstream.learner.training.FeatureImportance;
import io.tagstream.learner.training.Trainer;
import io.tagstream.learner.validation.TaskFigures;
import io.tagstream.schemas.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a report tells of a network that learns people: a point of its learning curve every
 * epoch, and of the best epoch the importance of features and the weights of units.
 */
final class ReportedEpochs {

  private final List<Task> tasks;
  private final long recordsPerEpoch;
  private final MicroBatch heldOut;
  private final long seed;
  private final List<ModelReport.CurvePoint> curve = new ArrayList<>();
  private ModelReport.@Nullable Importance importance;
  private List<UnitWeight> units = List.of();

  /**
   * Nothing yet.
   *
   * @param heldOut people that no network learns from
   */
  ReportedEpochs(List<Task> tasks, long recordsPerEpoch, MicroBatch heldOut, long seed) {
    this.tasks = tasks;
    this.recordsPerEpoch = recordsPerEpoch;
    this.heldOut = heldOut;
    this.seed = seed;
  }

  /** An epoch was validated. */
  void validated(int people, Map<String, Double> figures) {
    List<TaskFigures> ofTasks =
        tasks.stream()
            .map(
                task ->
                    new TaskFigures(
                        people,
                        0,
                        figures.get(CensusProtocol.auc(task)),
                        null,
                        figures.get(CensusProtocol.logLoss(task)),
                        null,
                        null))
            .toList();
    curve.add(new ModelReport.CurvePoint((curve.size() + 1) * recordsPerEpoch, ofTasks));
  }

  /** No epoch was better so far. */
  void best(Trainer trainer) {
    importance =
        new ModelReport.Importance(
            heldOut.impressions(),
            CensusColumns.FEATURES,
            new FeatureImportance(heldOut, trainer::predict).ofFields(seed));
    units = trainer.unitWeights(heldOut);
  }

  /** What was gathered. */
  ModelReport report() {
    return new ModelReport(tasks.stream().map(Task::name).toList(), curve, importance, null, units);
  }
}
