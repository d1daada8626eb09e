package io.tagstream.it.k8s;

import static io.tagstream.it.k8s.PlantedMistake.planted;
import static io.tagstream.it.k8s.PlantedMistake.remove;
import static io.tagstream.it.k8s.PlantedMistake.removeAt;
import static io.tagstream.it.k8s.PlantedMistake.replace;
import static io.tagstream.it.k8s.PlantedMistake.set;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Mistakes in the manifests of production and its topics, one at least for each rule. */
final class PlantedMistakes {

  private static final String DEPLOYMENT = Manifest.FLINK_DEPLOYMENT;
  private static final String FEATURES = "tagstream-features";
  private static final String LEARNER = "tagstream-learner";
  private static final String FLINK = "/spec/flinkConfiguration";
  private static final String FLINK_FIELD = "spec.flinkConfiguration.";
  private static final String CONTAINER = "/spec/podTemplate/spec/containers/0";

  private PlantedMistakes() {}

  /** All mistakes. */
  static Stream<PlantedMistake> all() {
    return Stream.of(
            ofFields(), ofDeployments(), ofFlink(), ofSettings(), ofTopics(), ofReferences())
        .flatMap(mistakes -> mistakes);
  }

  private static Stream<PlantedMistake> ofFields() {
    return Stream.of(
        features(
            "unknown field of a FlinkDeployment",
            set("/spec/job", "jarUri", "x"),
            "spec.job.jarUri",
            "resource-schema"),
        features(
            "unknown field of a pod",
            set("/spec/podTemplate/spec", "gracePeriod", 1),
            "spec.podTemplate.spec.gracePeriod",
            "known-field"),
        features(
            "text for a number",
            set("/spec/job", "parallelism", "four"),
            "spec.job.parallelism",
            "resource-schema"),
        features(
            "no such choice",
            set("/spec/job", "upgradeMode", "Savepoint"),
            "spec.job.upgradeMode",
            "resource-schema"),
        planted(
            "unknown field of a Service",
            "Service",
            "tagstream-metrics",
            set("/spec", "selectors", "x"),
            "spec.selectors",
            "known-field"),
        planted(
            "unknown field of a policy",
            "NetworkPolicy",
            "tagstream",
            set("/spec/ingress/0/ports/0", "portName", "x"),
            "spec.ingress.0.ports.0.portName",
            "known-field"),
        planted(
            "unknown field of a budget",
            "PodDisruptionBudget",
            "tagstream-features-jobmanager",
            set("/spec", "minAvailabel", 1),
            "spec.minAvailabel",
            "known-field"),
        planted(
            "unknown field of a claim",
            "PersistentVolumeClaim",
            "tagstream-models",
            set("/spec", "accessMode", "x"),
            "spec.accessMode",
            "known-field"),
        planted(
            "unknown field of a role",
            "Role",
            "tagstream",
            set("/rules/0", "verb", "get"),
            "rules.0.verb",
            "known-field"),
        planted(
            "unknown field of a monitor",
            "ServiceMonitor",
            "tagstream",
            set("/spec/endpoints/0", "intervall", "1s"),
            "spec.endpoints.0.intervall",
            "known-field"),
        topic(
            "unknown field of a topic",
            "clicks",
            set("/spec", "retention", 1),
            "spec.retention",
            "known-field"),
        topic(
            "text for a topic's number",
            "clicks",
            set("/spec", "partitions", "12"),
            "spec.partitions",
            "known-field"),
        planted(
            "unknown version of an API",
            "Role",
            "tagstream",
            set("", "apiVersion", "rbac.authorization.k8s.io/v1beta1"),
            "apiVersion",
            "known-field"));
  }

  private static Stream<PlantedMistake> ofDeployments() {
    return Stream.of(
        features(
            "another Flink",
            set("/spec", "flinkVersion", "v1_20"),
            "spec.flinkVersion",
            "deployment"),
        features(
            "another class",
            set("/spec/job", "entryClass", "io.tagstream.Job"),
            "spec.job.entryClass",
            "deployment"),
        features(
            "another jar",
            set("/spec/job", "jarURI", "local:///opt/flink/usrlib/launcher.jar"),
            "spec.job.jarURI",
            "deployment"),
        features(
            "another shape",
            set("/spec/job", "args", arguments("feature")),
            "spec.job.args",
            "deployment"),
        features(
            "settings that are elsewhere",
            set(CONTAINER + "/volumeMounts/0", "mountPath", "/etc/tagstream"),
            "spec.job.args",
            "deployment"),
        features(
            "another parallelism",
            set("/spec/job", "parallelism", 8),
            "spec.job.parallelism",
            "deployment"),
        features(
            "plugin of another Flink",
            set(CONTAINER + "/env/1", "value", "flink-s3-fs-hadoop-2.2.0.jar"),
            "spec.podTemplate.spec.containers.0.env.ENABLE_BUILT_IN_PLUGINS",
            "deployment"),
        features(
            "S3 without its plugin",
            removeAt(CONTAINER + "/env", 1),
            "spec.podTemplate.spec.containers.0.env",
            "deployment"),
        features(
            "no savepoints",
            remove(FLINK, "execution.checkpointing.savepoint-dir"),
            FLINK_FIELD + "execution.checkpointing.savepoint-dir",
            "deployment"),
        features(
            "checkpoints on the pod's own disk",
            set(FLINK, "execution.checkpointing.dir", "file:///tmp/checkpoints"),
            FLINK_FIELD + "execution.checkpointing.dir",
            "deployment"),
        features(
            "high availability without a place",
            remove(FLINK, "high-availability.storageDir"),
            FLINK_FIELD + "high-availability.storageDir",
            "deployment"),
        features(
            "two JobManagers without high availability",
            remove(FLINK, "high-availability.type"),
            "spec.jobManager.replicas",
            "deployment"),
        features(
            "lists that are merged by position",
            set("/spec/jobManager/podTemplate/spec", "volumes", volumes()),
            "spec.jobManager.podTemplate.spec.volumes.0",
            "merged-list"));
  }

  private static Stream<PlantedMistake> ofFlink() {
    return Stream.of(
        option("misspelt option", "taskmanager.numberOfTaskSlot", "2"),
        option("option of Flink 1", "state.checkpoints.dir", "s3://elsewhere"),
        option("misspelt option of the autoscaler", "job.autoscaler.metrics.windows", "10 min"),
        option(
            "misspelt option of the operator",
            "kubernetes.operator.savepoint.history.max.ages",
            "7 d"),
        option("misspelt option of S3", "s3.endpoint.regoin", "x"),
        option("misspelt option of a reporter", "metrics.reporter.prom.ports", "9249"),
        option("no duration", "job.autoscaler.metrics.window", "ten minutes"),
        option("no number", "taskmanager.data.port", "data"),
        option("an option that the job sets", "state.backend.type", "hashmap"),
        features(
            "more memory than there is",
            set(FLINK, "taskmanager.memory.managed.size", "4g"),
            "spec.taskManager.resource.memory",
            "flink-memory"),
        features(
            "no heap left",
            set(FLINK, "taskmanager.memory.managed.size", "2500m"),
            "spec.taskManager.resource.memory",
            "flink-memory"),
        features(
            "a JobManager that is too small",
            set("/spec/jobManager/resource", "memory", "256m"),
            "spec.jobManager.resource.memory",
            "flink-memory"));
  }

  private static Stream<PlantedMistake> ofSettings() {
    String rule = "tagstream-settings";
    String field = "data.tagstream.yaml ";
    return Stream.of(
        settings(
            "unknown setting",
            "topics.partitions",
            "topics.partition",
            field + "topics.partition",
            rule),
        settings("no duration", "30 s", "half a minute", field + "checkpoints.interval", rule),
        settings(
            "checkpoints that the operator does not see",
            "checkpoints.interval: 30 s",
            "checkpoints.directory: s3://elsewhere",
            field + "checkpoints.directory",
            rule),
        settings(
            "models on the pod's own disk",
            "/opt/tagstream/models",
            "/tmp/models",
            field + "snapshots.directory",
            rule),
        settings(
            "credentials that are not mounted",
            "/opt/tagstream/kafka:",
            "/opt/kafka:",
            field + "kafka.properties",
            rule),
        planted("no settings", "ConfigMap", "tagstream", replaceKey(), "spec.job.args", rule)
            .foundIn(DEPLOYMENT + "/" + FEATURES));
  }

  private static Stream<PlantedMistake> ofTopics() {
    return Stream.of(
        topic(
            "a compacted topic that is not",
            "user-tag-profiles",
            set("/spec/config", "cleanup.policy", "delete"),
            "spec",
            "topic"),
        topic(
            "a topic that is compacted",
            "clicks",
            set("/spec/config", "cleanup.policy", "compact"),
            "spec",
            "topic"),
        topic(
            "another number of partitions",
            "clicks",
            set("/spec", "partitions", 6),
            "spec",
            "topic"),
        topic(
            "partitions of a topic of commands",
            "model-promotions",
            set("/spec", "partitions", 12),
            "spec",
            "topic"),
        topic(
            "dead letters that do not fit",
            "dead-letters",
            remove("/spec/config", "max.message.bytes"),
            "spec",
            "topic"),
        topic(
            "no retention",
            "clicks",
            remove("/spec/config", "retention.ms"),
            "spec.config.retention.ms",
            "topic"),
        topic(
                "a topic that nobody has",
                "clicks",
                set("/metadata", "name", "click"),
                "metadata.name",
                "topic")
            .foundIn(Manifest.KAFKA_TOPIC + "/click"),
        topic("a topic that is missing", "stays", set("/metadata", "name", "stay"), "", "topic")
            .foundIn(Manifest.KAFKA_TOPIC + "/clicks"));
  }

  private static Stream<PlantedMistake> ofReferences() {
    String rule = "reference";
    return Stream.of(
        features("latest image", set("/spec", "image", "tagstream:latest"), "spec.image", rule),
        features(
            "image without a tag",
            set("/spec", "image", "registry:5000/tagstream"),
            "spec.image",
            rule),
        features(
            "missing service account",
            set("/spec", "serviceAccount", "flink"),
            "spec.serviceAccount",
            rule),
        features(
            "missing ConfigMap",
            set("/spec/podTemplate/spec/volumes/0/configMap", "name", "settings"),
            "spec.podTemplate.spec.volumes.0",
            rule),
        planted(
            "missing claim",
            DEPLOYMENT,
            LEARNER,
            set("/spec/podTemplate/spec/volumes/3/persistentVolumeClaim", "claimName", "models"),
            "spec.podTemplate.spec.volumes.3",
            rule),
        features(
            "secret that nobody speaks of",
            set("/spec/podTemplate/spec/volumes/2/secret", "secretName", "kafka"),
            "spec.podTemplate.spec.volumes.2",
            rule),
        features(
            "key that nobody speaks of",
            set(CONTAINER + "/env/2/valueFrom/secretKeyRef", "key", "id"),
            "spec.podTemplate.spec.containers.0.env.2",
            rule),
        features(
            "missing volume",
            set(CONTAINER + "/volumeMounts/1", "name", "tmp"),
            "spec.podTemplate.spec.containers.0.volumeMounts",
            rule),
        planted(
            "missing role",
            "RoleBinding",
            "tagstream",
            set("/roleRef", "name", "flink"),
            "roleRef.name",
            rule),
        planted(
            "missing subject",
            "RoleBinding",
            "tagstream",
            set("/subjects/0", "name", "flink"),
            "subjects.name",
            rule),
        planted(
            "a service of nothing",
            "Service",
            "tagstream-metrics",
            set("/spec/selector", "app.kubernetes.io/name", "flink"),
            "spec.selector",
            "selector"),
        planted(
            "a port that no pod has",
            "Service",
            "tagstream-metrics",
            set("/spec/ports/0", "targetPort", "prometheus"),
            "spec.ports.targetPort",
            "selector"),
        planted(
            "a budget of nothing",
            "PodDisruptionBudget",
            "tagstream-features-jobmanager",
            set("/spec/selector/matchLabels", "app", "features"),
            "spec.selector.matchLabels",
            "selector"),
        planted(
            "a policy for nothing",
            "NetworkPolicy",
            "tagstream",
            set("/spec/podSelector/matchLabels", "app.kubernetes.io/name", "x"),
            "spec.podSelector.matchLabels",
            "selector"),
        planted(
            "a port that is closed",
            "NetworkPolicy",
            "tagstream",
            removeAt("/spec/ingress", 2),
            "spec.ingress",
            "selector"),
        planted(
            "a monitor of nothing",
            "ServiceMonitor",
            "tagstream",
            set("/spec/selector/matchLabels", "app.kubernetes.io/component", "x"),
            "spec.selector.matchLabels",
            "selector"),
        planted(
            "a monitor of no port",
            "ServiceMonitor",
            "tagstream",
            set("/spec/endpoints/0", "port", "prom"),
            "spec.endpoints.port",
            "selector"),
        features(
            "pods spread among others",
            set(
                "/spec/taskManager/podTemplate/spec/topologySpreadConstraints/0/labelSelector/matchLabels",
                "app",
                "features"),
            "spec.podTemplate.matchLabels",
            "selector"));
  }

  private static PlantedMistake features(
      String what, Consumer<ObjectNode> change, String field, String rule) {
    return planted(what, DEPLOYMENT, FEATURES, change, field, rule);
  }

  private static PlantedMistake option(String what, String key, String value) {
    return features(what, set(FLINK, key, value), FLINK_FIELD + key, "flink-option");
  }

  private static PlantedMistake topic(
      String what, String name, Consumer<ObjectNode> change, String field, String rule) {
    return planted(what, Manifest.KAFKA_TOPIC, name, change, field, rule);
  }

  private static PlantedMistake settings(
      String what, String from, String to, String field, String rule) {
    return planted(
        what,
        "ConfigMap",
        "tagstream",
        replace("/data", Manifests.SETTINGS_FILE, from, to),
        field,
        rule);
  }

  private static Consumer<ObjectNode> replaceKey() {
    return set("/data", "settings.yaml", "{}").andThen(remove("/data", Manifests.SETTINGS_FILE));
  }

  private static Object arguments(String shape) {
    return JsonNodeFactory.instance
        .arrayNode()
        .add("--config")
        .add("/opt/tagstream/conf/tagstream.yaml")
        .add("--job")
        .add(shape);
  }

  private static Object volumes() {
    ObjectNode volume = JsonNodeFactory.instance.objectNode().put("name", "logs");
    volume.putObject("emptyDir");
    return JsonNodeFactory.instance.arrayNode().add(volume);
  }
}
