package io.tagstream.learner.flink;

import io.tagstream.learner.training.Trainer;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

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

  LearnerMeters(
      MetricGroup group,
      String model,
      LearnerCounters counters,
      Trainer trainer,
      BooleanSupplier champion,
      IntSupplier queued) {
    MetricGroup learner = group.addGroup("tagstream").addGroup("learner").addGroup("model", model);
    learner.<Integer, Gauge<Integer>>gauge("champion", () -> champion.getAsBoolean() ? 1 : 0);
    learner.<Long, Gauge<Long>>gauge("samplesTrained", () -> counters.samplesTrained);
    learner.<Long, Gauge<Long>>gauge("samplesQuarantined", () -> counters.samplesQuarantined);
    learner.<Long, Gauge<Long>>gauge("steps", trainer::step);
    learner.<Long, Gauge<Long>>gauge("embeddingRows", trainer::embeddingRows);
    learner.<Integer, Gauge<Integer>>gauge("queueSize", queued::getAsInt);
    usersScored = learner.counter("usersScored");
    usersSwept = learner.counter("usersSwept");
    requestsRefused = learner.counter("requestsRefused");
    stepMillis = learner.histogram("stepMillis", new DescriptiveStatisticsHistogram(STEP_TIMES));
  }
}
