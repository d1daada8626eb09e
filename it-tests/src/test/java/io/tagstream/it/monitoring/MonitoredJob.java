package io.tagstream.it.monitoring;

import io.tagstream.it.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** A job that Prometheus looks at, as an operator sees it. */
public final class MonitoredJob {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  /** What moves in any job that works. */
  private static final List<String> RATES =
      List.of(
          "sum(tagstream:records_accepted:rate5m)",
          "sum(tagstream:samples_made:rate5m)",
          "sum(tagstream:samples_trained:rate5m)",
          "sum(tagstream:steps:rate5m)",
          "sum(tagstream:profiles_published:rate5m)");

  /** What is to be seen besides of any job that has worked. */
  private static final List<String> MOVED =
      List.of(
          "sum(flink_taskmanager_job_task_operator_tagstream_features_scoreRequests) > 0",
          "sum(flink_taskmanager_job_task_operator_numRecordsOut{operator_name=\"Source:_events\"})"
              + " > 0",
          "sum(flink_taskmanager_job_task_operator_tagstream_learner_model_embeddingAdmissions) > 0");

  private MonitoredJob() {}

  /**
   * What is expected of a job.
   *
   * @param seen further queries that give something
   * @param missing metrics that its shape does not have
   * @param empty panels that rightly show nothing
   * @param mayFire alerts that may wake somebody
   */
  public record Expected(
      List<String> seen, Set<String> missing, Set<String> empty, Set<String> mayFire) {}

  /** Waits until Prometheus knows all rates, be they zero: from then on it sees what moves. */
  public static void awaitLooks(PrometheusProcess prometheus) throws Exception {
    for (String rate : RATES) {
      Eventually.await(rate, START_LIMIT, () -> !prometheus.query(rate).isEmpty());
    }
  }

  /**
   * Waits until dashboards show something, rules are evaluated, and nobody is woken for nothing.
   */
  public static void await(PrometheusProcess prometheus, Expected expected) throws Exception {
    AtomicReference<List<String>> problems = new AtomicReference<>(List.of());
    Eventually.await(
        "dashboards and rules",
        LIMIT,
        () -> {
          problems.set(problems(prometheus, expected));
          return problems.get().isEmpty();
        },
        () -> String.join("\n", problems.get()));
  }

  private static List<String> problems(PrometheusProcess prometheus, Expected expected)
      throws Exception {
    MonitoringFiles files = MonitoringFiles.here();
    List<String> problems = new ArrayList<>(prometheus.unhealthyRules());
    for (MonitoringFiles.Query query : files.panelQueries()) {
      if (prometheus.query(query.ofAll()).isEmpty() && !expected.empty().contains(query.where())) {
        problems.add("nothing to see: " + query.where() + ": " + query.ofAll());
      }
    }
    Set<String> there = Set.copyOf(prometheus.metrics());
    for (MonitoringFiles.Query query : files.queries()) {
      for (String metric : PromQl.metrics(query.expression())) {
        if (!there.contains(metric) && !expected.missing().contains(metric)) {
          problems.add("no such metric: " + query.where() + ": " + metric);
        }
      }
    }
    for (String metric : files.listedMetrics()) {
      if (!there.contains(metric) && !expected.missing().contains(metric)) {
        problems.add("no such metric: launcher/METRICS.md: " + metric);
      }
    }
    List<String> seen = new ArrayList<>(MOVED);
    RATES.forEach(rate -> seen.add(rate + " > 0"));
    seen.addAll(expected.seen());
    for (String query : seen) {
      if (prometheus.query(query).isEmpty()) {
        problems.add("not seen: " + query);
      }
    }
    for (String alert : prometheus.firing("page")) {
      if (!expected.mayFire().contains(alert)) {
        problems.add("fires: " + alert);
      }
    }
    return problems;
  }
}
