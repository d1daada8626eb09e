package io.tagstream.it.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rules, dashboards and pages that an operator sees.
 *
 * @param root of the repository, or of a copy of what is read here
 */
record MonitoringFiles(Path root) {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern LISTED = Pattern.compile("`(flink_[a-zA-Z_]+)`");
  private static final Pattern VALUES_OF = Pattern.compile("label_values\\((\\w+)");

  /** What this repository has. */
  static MonitoringFiles here() {
    return new MonitoringFiles(Path.of("..").toAbsolutePath().normalize());
  }

  /**
   * A recording or alerting rule.
   *
   * @param name of what it records, or of the alert
   * @param yaml all of it
   */
  record Rule(String name, JsonNode yaml) {

    boolean alerts() {
      return yaml.has("alert");
    }

    String expression() {
      return yaml.path("expr").asText();
    }
  }

  /**
   * A query of a dashboard.
   *
   * @param where file and panel
   */
  record Query(String where, String expression) {

    /** For all jobs and models. */
    String ofAll() {
      return expression.replaceAll("\\$\\{?\\w+}?", ".*");
    }
  }

  /**
   * A dashboard.
   *
   * @param file its name
   */
  record Dashboard(String file, JsonNode json) {

    List<JsonNode> panels() {
      List<JsonNode> panels = new ArrayList<>();
      json.path("panels").forEach(panels::add);
      return panels;
    }

    /** How a message names a panel. */
    String where(JsonNode panel) {
      return "%s, panel %s (%s)"
          .formatted(file, panel.path("id").asText("?"), panel.path("title").asText());
    }
  }

  Path folder() {
    return root.resolve("k8s").resolve("monitoring");
  }

  JsonNode yaml(String file) throws IOException {
    return YAML.readTree(Files.readString(folder().resolve(file)));
  }

  /** The names of the files with tests of rules. */
  List<String> ruleTests() throws IOException {
    try (Stream<Path> all = Files.list(folder())) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".test.yaml"))
          .sorted()
          .toList();
    }
  }

  String runbook() throws IOException {
    return Files.readString(root.resolve("k8s").resolve("RUNBOOK.md"));
  }

  /** Metrics that have their line on the page of all metrics. */
  Set<String> listedMetrics() throws IOException {
    String page = Files.readString(root.resolve("launcher").resolve("METRICS.md"));
    return LISTED
        .matcher(page)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  List<Rule> rules() throws IOException {
    List<Rule> rules = new ArrayList<>();
    for (JsonNode group : yaml("rules.yaml").path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        String name =
            rule.has("alert") ? rule.path("alert").asText() : rule.path("record").asText();
        rules.add(new Rule(name, rule));
      }
    }
    return rules;
  }

  List<Dashboard> dashboards() throws IOException {
    List<Dashboard> dashboards = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder().resolve("dashboards"))) {
      for (Path file : files.sorted().toList()) {
        String name = "dashboards/" + file.getFileName();
        dashboards.add(new Dashboard(name, JSON.readTree(Files.readString(file))));
      }
    }
    return dashboards;
  }

  /** The queries of all panels. */
  List<Query> panelQueries() throws IOException {
    List<Query> queries = new ArrayList<>();
    for (Dashboard dashboard : dashboards()) {
      for (JsonNode panel : dashboard.panels()) {
        for (JsonNode target : panel.path("targets")) {
          queries.add(new Query(dashboard.where(panel), target.path("expr").asText()));
        }
      }
    }
    return queries;
  }

  /** All there is to ask: rules, panels, and metrics whose labels fill a variable. */
  List<Query> queries() throws IOException {
    List<Query> queries = new ArrayList<>(panelQueries());
    for (Rule rule : rules()) {
      queries.add(new Query("rules.yaml, rule " + rule.name(), rule.expression()));
    }
    for (Dashboard dashboard : dashboards()) {
      for (JsonNode variable : dashboard.json().path("templating").path("list")) {
        String where = dashboard.file() + ", variable " + variable.path("name").asText();
        VALUES_OF
            .matcher(variable.path("query").path("query").asText())
            .results()
            .map((MatchResult found) -> new Query(where, found.group(1)))
            .forEach(queries::add);
      }
    }
    return queries;
  }
}
