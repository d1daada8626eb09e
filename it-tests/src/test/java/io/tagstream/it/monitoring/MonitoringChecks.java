package io.tagstream.it.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.tagstream.it.Tool;
import io.tagstream.it.monitoring.MonitoringFiles.Dashboard;
import io.tagstream.it.monitoring.MonitoringFiles.Query;
import io.tagstream.it.monitoring.MonitoringFiles.Rule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What must hold of the monitoring files; each check returns its problems, and none is best. */
final class MonitoringChecks {

  private static final int COLUMNS = 24;
  private static final String RUNBOOK = "k8s/RUNBOOK.md";
  private static final Set<String> SEVERITIES = Set.of("page", "ticket");

  /** Metrics that Prometheus itself has. */
  private static final Set<String> OF_PROMETHEUS = Set.of("up");

  private static final Pattern HEADING = Pattern.compile("(?m)^### (Tagstream\\w+)$");
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:flink_[a-zA-Z_]+|tagstream:[a-z0-9_:]+)");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)}?");

  private final MonitoringFiles files;

  MonitoringChecks(MonitoringFiles files) {
    this.files = files;
  }

  /** All but those of promtool. */
  List<String> all() throws IOException {
    List<String> problems = new ArrayList<>();
    problems.addAll(metrics());
    problems.addAll(alerts());
    problems.addAll(runbook());
    problems.addAll(manifest());
    problems.addAll(dashboards());
    return problems;
  }

  /** Every metric that is asked for is on the page of metrics, or recorded. */
  List<String> metrics() throws IOException {
    Set<String> known = new HashSet<>(files.listedMetrics());
    known.addAll(OF_PROMETHEUS);
    for (Rule rule : files.rules()) {
      if (!rule.alerts()) {
        known.add(rule.name());
      }
    }
    List<String> problems = new ArrayList<>();
    for (Query query : files.queries()) {
      for (String metric : PromQl.metrics(query.expression())) {
        if (!known.contains(metric)) {
          problems.add(
              "%s: %s is neither on launcher/METRICS.md nor recorded"
                  .formatted(query.where(), metric));
        }
      }
    }
    METRIC
        .matcher(files.runbook())
        .results()
        .map(MatchResult::group)
        .filter(metric -> !known.contains(metric))
        .map(metric -> RUNBOOK + ": there is no metric " + metric)
        .forEach(problems::add);
    return problems;
  }

  /** Every alert says how urgent it is, what there is to see, and where to read on. */
  List<String> alerts() throws IOException {
    StringBuilder tests = new StringBuilder();
    for (String file : files.ruleTests()) {
      tests.append(Files.readString(files.folder().resolve(file)));
    }
    List<String> problems = new ArrayList<>();
    for (Rule rule : files.rules()) {
      if (rule.alerts()) {
        String where = "rules.yaml, rule " + rule.name() + ": ";
        problemsOf(rule, tests.toString()).forEach(problem -> problems.add(where + problem));
      }
    }
    return problems;
  }

  private static List<String> problemsOf(Rule rule, String tests) {
    List<String> problems = new ArrayList<>();
    JsonNode annotations = rule.yaml().path("annotations");
    String severity = rule.yaml().path("labels").path("severity").asText();
    if (!SEVERITIES.contains(severity)) {
      problems.add("severity '%s' is neither page nor ticket".formatted(severity));
    }
    if (!rule.yaml().has("for")) {
      problems.add("does not say for how long");
    }
    if (!annotations.path("summary").asText().contains("{{")) {
      problems.add("the summary shows no value");
    }
    if (annotations.path("description").asText().isEmpty()) {
      problems.add("no description");
    }
    String page = RUNBOOK + "#" + rule.name().toLowerCase(Locale.ROOT);
    if (!annotations.path("runbook_url").asText().equals(page)) {
      problems.add("runbook_url is not " + page);
    }
    if (!tests.contains("{alertname=\"" + rule.name() + "\", severity=\"" + severity + "\"}")) {
      problems.add("no test of the rules sees it fire");
    }
    return problems;
  }

  /** An entry per alert, an alert per entry. */
  List<String> runbook() throws IOException {
    Set<String> entries =
        HEADING
            .matcher(files.runbook())
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> alerts =
        files.rules().stream()
            .filter(Rule::alerts)
            .map(Rule::name)
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> problems = new ArrayList<>();
    for (String alert : alerts) {
      if (!entries.contains(alert)) {
        problems.add("%s: no entry for the alert %s of rules.yaml".formatted(RUNBOOK, alert));
      }
    }
    for (String entry : entries) {
      if (!alerts.contains(entry)) {
        problems.add("%s: %s is no alert of rules.yaml".formatted(RUNBOOK, entry));
      }
    }
    return problems;
  }

  /** The operator's manifest has the same groups. */
  List<String> manifest() throws IOException {
    JsonNode manifest = files.yaml("alerts.yaml");
    List<String> problems = new ArrayList<>();
    if (!manifest.path("apiVersion").asText().equals("monitoring.coreos.com/v1")
        || !manifest.path("kind").asText().equals("PrometheusRule")) {
      problems.add("alerts.yaml: is no PrometheusRule of monitoring.coreos.com/v1");
    }
    if (!manifest.path("spec").equals(files.yaml("rules.yaml"))) {
      problems.add("alerts.yaml: its spec is not what rules.yaml has");
    }
    return problems;
  }

  /** Panels that can be told apart, seen and read, with queries that can be filled in. */
  List<String> dashboards() throws IOException {
    List<String> problems = new ArrayList<>();
    for (Dashboard dashboard : files.dashboards()) {
      Set<String> variables = new HashSet<>();
      dashboard
          .json()
          .path("templating")
          .path("list")
          .forEach(variable -> variables.add(variable.path("name").asText()));
      List<JsonNode> before = new ArrayList<>();
      for (JsonNode panel : dashboard.panels()) {
        String where = dashboard.where(panel) + ": ";
        place(panel, before).forEach(problem -> problems.add(where + problem));
        content(panel, variables).forEach(problem -> problems.add(where + problem));
        before.add(panel);
      }
    }
    return problems;
  }

  private static List<String> place(JsonNode panel, List<JsonNode> before) {
    List<String> problems = new ArrayList<>();
    JsonNode at = panel.path("gridPos");
    if (at.path("x").asInt() < 0 || at.path("x").asInt() + at.path("w").asInt() > COLUMNS) {
      problems.add("does not lie within %d columns".formatted(COLUMNS));
    }
    for (JsonNode other : before) {
      if (other.path("id").equals(panel.path("id"))) {
        problems.add("has the id of " + other.path("title").asText());
      }
      if (overlap(at, other.path("gridPos"))) {
        problems.add("lies upon " + other.path("title").asText());
      }
    }
    return problems;
  }

  private static boolean overlap(JsonNode one, JsonNode other) {
    return meet(one, other, "x", "w") && meet(one, other, "y", "h");
  }

  private static boolean meet(JsonNode one, JsonNode other, String start, String length) {
    return one.path(start).asInt() < other.path(start).asInt() + other.path(length).asInt()
        && other.path(start).asInt() < one.path(start).asInt() + one.path(length).asInt();
  }

  private static List<String> content(JsonNode panel, Set<String> variables) {
    List<String> problems = new ArrayList<>();
    if (panel.path("type").asText().equals("row")) {
      return problems;
    }
    if (panel.path("description").asText().isEmpty()) {
      problems.add("no description");
    }
    if (panel.path("targets").isEmpty()) {
      problems.add("no target");
    }
    for (JsonNode target : panel.path("targets")) {
      if (target.path("expr").asText().isBlank()) {
        problems.add("target %s has no expr".formatted(target.path("refId").asText()));
      }
    }
    VARIABLE
        .matcher(panel.toString())
        .results()
        .map(found -> found.group(1))
        .filter(name -> !name.startsWith("__") && !variables.contains(name))
        .distinct()
        .forEach(name -> problems.add("the variable $%s is not declared".formatted(name)));
    return problems;
  }

  /** What promtool says of the files; it runs for seconds. */
  List<String> promtool() throws IOException, InterruptedException {
    List<String> problems = new ArrayList<>();
    problems.addAll(promtool("check", "config", "prometheus.yaml"));
    problems.addAll(promtool("check", "rules", "rules.yaml"));
    for (String file : files.ruleTests()) {
      problems.addAll(promtool("test", "rules", file));
    }
    return problems;
  }

  /** What promtool says of one file. */
  List<String> promtool(String what, String kind, String file)
      throws IOException, InterruptedException {
    Path promtool = Tool.required("promtool", "prometheus");
    Process process =
        new ProcessBuilder(promtool.toString(), what, kind, file)
            .directory(files.folder().toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? List.of() : List.of(file + ": " + said.strip());
  }
}
