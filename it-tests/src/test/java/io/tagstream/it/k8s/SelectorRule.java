package io.tagstream.it.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.kubernetes.utils.Constants;

/**
 * Every selector finds something, every port that is named has its name, and the network policy
 * lets through what the deployments listen on.
 */
final class SelectorRule implements ManifestRule {

  private static final String NAME = "selector";

  /**
   * Ports that Flink on Kubernetes has without being told: TaskManager, JobManager, blobs, REST.
   */
  private static final List<Integer> FIXED_PORTS =
      List.of(
          Constants.TASK_MANAGER_RPC_PORT, 6123, Constants.BLOB_SERVER_PORT, Constants.REST_PORT);

  /** And those that it has only when it is told. */
  private static final List<String> PORT_OPTIONS =
      List.of(
          "taskmanager.data.port",
          "metrics.internal.query-service.port",
          "metrics.reporter.prom.port");

  private record Pod(Manifest deployment, Map<String, String> labels) {}

  @Override
  public List<ManifestProblem> check(Manifests manifests) {
    Problems problems = new Problems(NAME);
    List<Pod> pods = pods(manifests);
    for (Manifest each : manifests.of("Service")) {
      JsonNode selector = each.tree().at("/spec/selector");
      selects(each, "spec.selector", selector, pods, problems);
      targetPorts(each, selector, pods, problems);
    }
    for (Manifest each : manifests.of("PodDisruptionBudget")) {
      selects(
          each,
          "spec.selector.matchLabels",
          each.tree().at("/spec/selector/matchLabels"),
          pods,
          problems);
    }
    for (Manifest each : manifests.of("NetworkPolicy")) {
      JsonNode selector = each.tree().at("/spec/podSelector/matchLabels");
      selects(each, "spec.podSelector.matchLabels", selector, pods, problems);
      ports(each, matching(pods, selector), problems);
    }
    manifests.of("ServiceMonitor").forEach(each -> monitored(manifests, each, problems));
    manifests.of(Manifest.FLINK_DEPLOYMENT).forEach(each -> placement(each, pods, problems));
    return problems.all();
  }

  /** The pods that Flink makes, with the labels it gives them beside those of the template. */
  private static List<Pod> pods(Manifests manifests) {
    List<Pod> pods = new ArrayList<>();
    for (Manifest deployment : manifests.of(Manifest.FLINK_DEPLOYMENT)) {
      for (String component :
          List.of(Constants.LABEL_COMPONENT_JOB_MANAGER, Constants.LABEL_COMPONENT_TASK_MANAGER)) {
        Map<String, String> labels =
            new HashMap<>(
                Manifest.texts(deployment.tree().at("/spec/podTemplate/metadata/labels")));
        labels.put(Constants.LABEL_TYPE_KEY, Constants.LABEL_TYPE_NATIVE_TYPE);
        labels.put(Constants.LABEL_APP_KEY, deployment.name());
        labels.put(Constants.LABEL_COMPONENT_KEY, component);
        pods.add(new Pod(deployment, labels));
      }
    }
    return pods;
  }

  private static List<Pod> matching(List<Pod> pods, JsonNode selector) {
    Map<String, String> wanted = Manifest.texts(selector);
    return pods.stream()
        .filter(pod -> !wanted.isEmpty() && pod.labels().entrySet().containsAll(wanted.entrySet()))
        .toList();
  }

  private static void selects(
      Manifest manifest, String field, JsonNode selector, List<Pod> pods, Problems problems) {
    if (matching(pods, selector).isEmpty()) {
      problems.add(manifest, field, selector + " - selects no pod");
    }
  }

  private static void targetPorts(
      Manifest service, JsonNode selector, List<Pod> pods, Problems problems) {
    for (JsonNode port : service.tree().at("/spec/ports")) {
      JsonNode target = port.path("targetPort");
      for (Pod pod : matching(pods, selector)) {
        JsonNode container =
            pod.deployment().tree().at("/spec/podTemplate/spec/containers/0/ports");
        if (container.valueStream().noneMatch(p -> p.path("name").equals(target))) {
          problems.add(
              service,
              "spec.ports.targetPort",
              target + " - is no port of the pods of " + pod.deployment().id());
        }
      }
    }
  }

  private static void monitored(Manifests manifests, Manifest monitor, Problems problems) {
    Map<String, String> wanted = Manifest.texts(monitor.tree().at("/spec/selector/matchLabels"));
    List<Manifest> services =
        manifests.of("Service").stream()
            .filter(each -> each.labels().entrySet().containsAll(wanted.entrySet()))
            .toList();
    if (services.isEmpty() || wanted.isEmpty()) {
      problems.add(monitor, "spec.selector.matchLabels", wanted + " - selects no Service");
    }
    for (JsonNode endpoint : monitor.tree().at("/spec/endpoints")) {
      JsonNode port = endpoint.path("port");
      for (Manifest service : services) {
        JsonNode ports = service.tree().at("/spec/ports");
        if (ports.valueStream().noneMatch(each -> each.path("name").equals(port))) {
          problems.add(monitor, "spec.endpoints.port", port + " - is no port of " + service.id());
        }
      }
    }
  }

  private static void ports(Manifest policy, List<Pod> pods, Problems problems) {
    List<Integer> open =
        policy
            .tree()
            .at("/spec/ingress")
            .valueStream()
            .flatMap(rule -> rule.path("ports").valueStream())
            .map(port -> port.path("port").asInt())
            .toList();
    FIXED_PORTS.stream()
        .filter(port -> !open.contains(port))
        .forEach(port -> problems.add(policy, "spec.ingress", port + " - is not let in"));
    for (Manifest deployment : pods.stream().map(Pod::deployment).distinct().toList()) {
      for (String option : PORT_OPTIONS) {
        String port = deployment.flinkConfiguration().getOrDefault(option, "0");
        if (open.stream().noneMatch(each -> port.equals(String.valueOf(each)))) {
          String of = option + " " + port + " of " + deployment.id();
          problems.add(policy, "spec.ingress", of + " - is not let in");
        }
      }
    }
  }

  private static void placement(Manifest deployment, List<Pod> pods, Problems problems) {
    for (JsonNode template : deployment.tree().findValues("podTemplate")) {
      for (JsonNode selector : template.findValues("matchLabels")) {
        selects(deployment, "spec.podTemplate.matchLabels", selector, pods, problems);
      }
    }
  }
}
