package io.tagstream.it.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tagstream.it.SpoiltCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules, dashboards, their runbook and the page of metrics fit each other; and mistakes show. */
class MonitoringTest {

  private static final String OPERATIONS = "k8s/monitoring/dashboards/operations.json";
  private static final String MODEL = "k8s/monitoring/dashboards/model.json";
  private static final String RULES = "k8s/monitoring/rules.yaml";
  private static final String BOOK = "k8s/RUNBOOK.md";

  @TempDir private Path copy;

  @Test
  void everythingFits() throws IOException {
    assertThat(new MonitoringChecks(MonitoringFiles.here()).all()).isEmpty();
    assertThat(MonitoringFiles.here().rules()).hasSizeGreaterThan(40);
    assertThat(MonitoringFiles.here().panelQueries()).hasSizeGreaterThan(50);
  }

  @Test
  void promtoolFindsNothing() throws Exception {
    assertThat(new MonitoringChecks(MonitoringFiles.here()).promtool()).isEmpty();
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments(
            OPERATIONS,
            "topk(5, tagstream:task_busy:ratio",
            "topk(5, tagstream:task_bussy:ratio",
            "dashboards/operations.json, panel 3 (Busiest tasks): tagstream:task_bussy:ratio is"
                + " neither on launcher/METRICS.md nor recorded"),
        arguments(
            OPERATIONS,
            "label_values(flink_jobmanager_job_uptime",
            "label_values(flink_jobmanager_job_uptimes",
            "dashboards/operations.json, variable job: flink_jobmanager_job_uptimes is neither on"
                + " launcher/METRICS.md nor recorded"),
        arguments(
            RULES,
            "max by (namespace, job_name) (flink_jobmanager_job_lastCheckpointDuration)",
            "max by (namespace, job_name) (flink_jobmanager_job_checkpointDuration)",
            "rules.yaml, rule TagstreamCheckpointSlow: flink_jobmanager_job_checkpointDuration is"
                + " neither on launcher/METRICS.md nor recorded"),
        arguments(
            "launcher/METRICS.md",
            "`flink_jobmanager_job_numRestarts`",
            "restarts",
            "dashboards/operations.json, panel 27 (Restarts): flink_jobmanager_job_numRestarts is"
                + " neither on launcher/METRICS.md nor recorded"),
        arguments(
            RULES,
            "severity: page",
            "severity: urgent",
            "rules.yaml, rule TagstreamFallingBehind: severity 'urgent' is neither page nor"
                + " ticket"),
        arguments(
            RULES,
            "{{ $labels.job_name }} has {{ $value | humanize }} records",
            "too many records",
            "rules.yaml, rule TagstreamFallingBehind: the summary shows no value"),
        arguments(
            RULES,
            "k8s/RUNBOOK.md#tagstreamlatefacts",
            "k8s/RUNBOOK.md#late",
            "rules.yaml, rule TagstreamLateFacts: runbook_url is not"
                + " k8s/RUNBOOK.md#tagstreamlatefacts"),
        arguments(
            "k8s/monitoring/rules.test.yaml",
            "'{alertname=\"TagstreamTwoChampions\", severity=\"page\"}'",
            "'{}'",
            "rules.yaml, rule TagstreamTwoChampions: no test of the rules sees it fire"),
        arguments(
            BOOK,
            "### TagstreamLateFacts",
            "### TagstreamLateness",
            "k8s/RUNBOOK.md: no entry for the alert TagstreamLateFacts of rules.yaml"),
        arguments(
            BOOK,
            "### TagstreamLateFacts",
            "### TagstreamLateness",
            "k8s/RUNBOOK.md: TagstreamLateness is no alert of rules.yaml"),
        arguments(
            BOOK,
            "`tagstream:steps:rate5m`",
            "`tagstream:steps:rate1m`",
            "k8s/RUNBOOK.md: there is no metric tagstream:steps:rate1m"),
        arguments(
            "k8s/monitoring/alerts.yaml",
            "> 10000 and",
            "> 20000 and",
            "alerts.yaml: its spec is not what rules.yaml has"),
        arguments(
            "k8s/monitoring/alerts.yaml",
            "kind: PrometheusRule",
            "kind: Rule",
            "alerts.yaml: is no PrometheusRule of monitoring.coreos.com/v1"),
        arguments(
            MODEL,
            "\"id\": 3,",
            "\"id\": 2,",
            "dashboards/model.json, panel 2 (Steps): has the id of Samples trained"),
        arguments(
            MODEL,
            "{\"x\": 8, \"y\": 1, \"w\": 8, \"h\": 8}",
            "{\"x\": 7, \"y\": 1, \"w\": 8, \"h\": 8}",
            "dashboards/model.json, panel 3 (Steps): lies upon Samples trained"),
        arguments(
            MODEL,
            "{\"x\": 16, \"y\": 1, \"w\": 8, \"h\": 8}",
            "{\"x\": 17, \"y\": 1, \"w\": 8, \"h\": 8}",
            "dashboards/model.json, panel 4 (Records that wait for a batch): does not lie within"
                + " 24 columns"),
        arguments(
            MODEL,
            "\"expr\": \"tagstream:steps:rate5m{job_name=~\\\"$job\\\",model=~\\\"$model\\\"}\"",
            "\"expr\": \"\"",
            "dashboards/model.json, panel 3 (Steps): target A has no expr"),
        arguments(
            MODEL,
            "tagstream:steps:rate5m{job_name=~\\\"$job\\\"",
            "tagstream:steps:rate5m{job_name=~\\\"$jobs\\\"",
            "dashboards/model.json, panel 3 (Steps): the variable $jobs is not declared"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamed(String file, String right, String wrong, String message) throws IOException {
    plant(file, right, wrong);
    assertThat(new MonitoringChecks(new MonitoringFiles(copy)).all()).contains(message);
  }

  static Stream<Arguments> mistakesForPromtool() {
    return Stream.of(
        arguments(RULES, "sum by (namespace", "sum of (namespace", "check rules rules.yaml"),
        arguments(
            "k8s/monitoring/prometheus.yaml",
            "- rules.yaml",
            "- rule.yaml",
            "check config prometheus.yaml"),
        arguments(
            RULES, "offset 1d)) - 0.05", "offset 1d)) - 0.5", "test rules rules.days.test.yaml"));
  }

  @ParameterizedTest
  @MethodSource("mistakesForPromtool")
  void promtoolFindsAMistake(String file, String right, String wrong, String arguments)
      throws Exception {
    plant(file, right, wrong);
    List<String> words = List.of(arguments.split(" "));
    assertThat(
            new MonitoringChecks(new MonitoringFiles(copy))
                .promtool(words.get(0), words.get(1), words.get(2)))
        .singleElement()
        .asString()
        .startsWith(words.get(2) + ": ")
        .contains("FAILED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "up == 0 | up",
        "sum by (job_name, model) (rate(a_total{x=~\"b(c)\"}[5m])) | a_total",
        "sum(rate(a[1h] offset 1d)) without (b) > 1.5e6 | a",
        "a:b:sum and on (namespace) c unless ignoring (d) group_left e | a:b:sum c e",
        "topk(5, a) or min_over_time(b[10m:1m]) | a b",
        "{__name__=~\"a_.+\"} # c | ''",
        "time() - a{l=\"} b\"} / 1000 | a",
      })
  void metricsAreReadOffAnExpression(String expression, String metrics) {
    assertThat(String.join(" ", PromQl.metrics(expression))).isEqualTo(metrics);
  }

  private void plant(String file, String right, String wrong) throws IOException {
    Path root = MonitoringFiles.here().root();
    SpoiltCopy.plant(root, copy, List.of("k8s", "launcher/METRICS.md"), file, right, wrong);
  }
}
