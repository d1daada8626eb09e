package io.tagstream.learner.flink;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.training.Trainer;
import io.tagstream.schemas.ModelMetrics;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.jspecify.annotations.Nullable;

/** A learner's metrics in Flink, under {@code tagstream.learner.model.NAME}. */
final class LearnerMeters {

  private static final int STEP_TIMES = 1024;

  /** Score requests answered: users, not requests merged into one. */
  final Counter usersScored;

  /** Those among them who were silent, and scored because the model has moved. */
  final Counter usersSwept;

  /** Score requests that do not have the configured fields or tasks. */
  final Counter requestsRefused;

  /** Milliseconds of the last steps, assembly and state included. */
  final Histogram stepMillis;

  /** Written by the learner, read by whoever reports. */
  private volatile @Nullable ModelMetrics reported;

  LearnerMeters(
      MetricGroup group,
      LearnerConfig config,
      LearnerCounters counters,
      Trainer trainer,
      BooleanSupplier champion,
      IntSupplier queued) {
    MetricGroup learner =
        group.addGroup("tagstream").addGroup("learner").addGroup("model", config.name());
    learner.<Integer, Gauge<Integer>>gauge("champion", () -> champion.getAsBoolean() ? 1 : 0);
    learner.<Long, Gauge<Long>>gauge("samplesTrained", () -> counters.samplesTrained);
    learner.<Long, Gauge<Long>>gauge("samplesQuarantined", () -> counters.samplesQuarantined);
    learner.<Long, Gauge<Long>>gauge("steps", trainer::step);
    learner.<Long, Gauge<Long>>gauge("embeddingRows", trainer::embeddingRows);
    learner.<Long, Gauge<Long>>gauge("embeddingAdmissions", trainer::embeddingAdmissions);
    learner.<Long, Gauge<Long>>gauge("embeddingExpirations", trainer::embeddingExpirations);
    learner.<Long, Gauge<Long>>gauge("embeddingCandidates", trainer::embeddingCandidates);
    learner.<Integer, Gauge<Integer>>gauge("queueSize", queued::getAsInt);
    usersScored = learner.counter("usersScored");
    usersSwept = learner.counter("usersSwept");
    requestsRefused = learner.counter("requestsRefused");
    stepMillis = learner.histogram("stepMillis", new DescriptiveStatisticsHistogram(STEP_TIMES));
    measured(learner, "loss", ModelMetrics::getLoss);
    measured(learner, "gradientNorm", ModelMetrics::getGradientNorm);
    for (int k = 0; k < config.tasks().size(); k++) {
      MetricGroup task = learner.addGroup("task", config.tasks().get(k).name());
      int number = k;
      measured(task, "auc", of -> of.getTasks().get(number).getAuc());
      measured(task, "logLoss", of -> of.getTasks().get(number).getLogLoss());
      measured(
          task,
          "predictedOverObserved",
          of -> of.getTasks().get(number).getPredictedOverObserved());
    }
  }

  private void measured(
      MetricGroup group, String name, Function<ModelMetrics, @Nullable Double> figure) {
    group.<Double, Gauge<Double>>gauge(
        name,
        () -> {
          ModelMetrics latest = reported;
          Double value = latest == null ? null : figure.apply(latest);
          return value == null ? Double.NaN : value;
        });
  }

  /** What was measured last, which the gauges of loss and validation show from now on. */
  void report(ModelMetrics metrics) {
    reported = metrics;
  }
}
