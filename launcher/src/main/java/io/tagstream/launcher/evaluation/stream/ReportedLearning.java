package io.tagstream.launcher.evaluation.stream;

import io.tagstream.features.snapshot.FeatureSchema;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.evaluation.report.ModelReport;
import io.tagstream.learner.model.GatedUnits.UnitWeight;
import io.tagstream.schemas.Task;
import io.tagstream.schemas.TrainingSample;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a report tells of a model that learns a log: a point of its learning curve every
 * fiftieth of the log, and from the last samples, when it is about to learn them, the importance of
 * features and the weights of units.
 */
final class ReportedLearning {

  private static final int POINTS = 50;

  /** Samples that importance is measured on. */
  private static final int HELD_OUT = 2_000;

  /** A log with fewer tells nothing of importance. */
  private static final int NEEDED = 2 * HELD_OUT;

  private final LearnerInputs inputs;
  private final long all;
  private final TagstreamConfig config;
  private final long seed;
  private final List<ModelReport.CurvePoint> curve = new ArrayList<>();
  private ModelReport.@Nullable Importance importance;
  private List<UnitWeight> units = List.of();
  private long learnt;

  ReportedLearning(LearnerInputs inputs, TagstreamConfig config, long seed) {
    this.inputs = inputs;
    this.all = inputs.samples();
    this.config = config;
    this.seed = seed;
  }

  /**
   * Samples are about to be learnt.
   *
   * @param batch these
   * @param next input behind them
   */
  void before(List<TrainingSample> batch, int next, LogLearner learner) {
    boolean last = learnt + batch.size() > all - HELD_OUT;
    if (importance == null && last && all >= NEEDED) {
      List<TrainingSample> heldOut = new ArrayList<>(batch);
      for (int input = next; input < inputs.size(); input++) {
        if (inputs.get(input).getBody() instanceof TrainingSample sample) {
          heldOut.add(sample);
        }
      }
      List<String> fields =
          FeatureSchema.of(config.features()).fields().stream()
              .map(FeatureSchema.Field::name)
              .toList();
      importance =
          new ModelReport.Importance(
              heldOut.size(), fields, learner.importance(heldOut).ofFields(seed));
      units = learner.unitWeights(heldOut);
    }
  }

  /** So many samples were learnt. */
  void after(int samples, LogLearner learner) {
    long before = learnt;
    learnt += samples;
    if (before * POINTS / all < learnt * POINTS / all) {
      curve.add(new ModelReport.CurvePoint(learnt, learner.figures()));
    }
  }

  /** What was gathered. */
  ModelReport report(LogLearner learner) {
    return new ModelReport(
        config.tasks().stream().map(Task::name).toList(),
        curve,
        importance,
        learner.tagGates().orElse(null),
        units);
  }
}
