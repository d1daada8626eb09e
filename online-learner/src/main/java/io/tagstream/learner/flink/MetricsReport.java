package io.tagstream.learner.flink;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.assembly.BatchLearner;
import io.tagstream.learner.training.StepReport;
import io.tagstream.learner.validation.TaskFigures;
import io.tagstream.schemas.ModelMetrics;
import io.tagstream.schemas.TaskMetrics;
import java.util.ArrayList;
import java.util.List;

/** Figures of progressive validation to the record of {@code model-metrics}. */
final class MetricsReport {

  private MetricsReport() {}

  static ModelMetrics of(
      LearnerConfig config,
      BatchLearner learner,
      LearnerCounters counters,
      StepReport last,
      boolean champion,
      long nowMillis) {
    List<TaskFigures> figures = learner.validation().figures();
    List<TaskMetrics> tasks = new ArrayList<>();
    for (int k = 0; k < figures.size(); k++) {
      TaskFigures f = figures.get(k);
      tasks.add(
          TaskMetrics.newBuilder()
              .setTask(config.tasks().get(k).name())
              .setRows(f.rows())
              .setPositives(f.positives())
              .setAuc(f.auc())
              .setGauc(f.gauc())
              .setLogLoss(f.logLoss())
              .setNdcg(f.ndcg())
              .setPredictedOverObserved(f.predictedOverObserved())
              .build());
    }
    return ModelMetrics.newBuilder()
        .setModel(config.name())
        .setStep(learner.trainer().step())
        .setEventTimeMillis(counters.eventTimeMillis)
        .setMeasuredAtMillis(nowMillis)
        .setTasks(tasks)
        .setEmbeddingRows(learner.trainer().embeddingRows())
        .setSamplesTrained(counters.samplesTrained)
        .setSamplesQuarantined(counters.samplesQuarantined)
        .setGradientNorm(last.gradientNorm())
        .setLoss(last.loss())
        .setChampion(champion)
        .build();
  }
}
