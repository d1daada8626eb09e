package io.tagstream.it.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tagstream.it.FlinkOptions;
import io.tagstream.it.SpoiltCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The compose file and what it mounts fit each other; and mistakes show. */
class ComposeFileTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String COMPOSE = "docker-compose.yml";
  private static final String SETTINGS = "launcher/compose/tagstream.yaml";

  private static final List<String> READ =
      List.of(COMPOSE, "launcher/compose", "launcher/image", "k8s/monitoring");

  private static FlinkOptions options;

  @TempDir private Path copy;

  @BeforeAll
  static void collect() throws Exception {
    options = FlinkOptions.collect();
  }

  private static List<String> problems(Path root) throws Exception {
    return new ComposeChecks(ComposeFile.read(root), options).all();
  }

  @Test
  void everythingFits() throws Exception {
    assertThat(problems(ROOT)).isEmpty();
    assertThat(ComposeChecks.dockerfiles(ROOT)).isEmpty();
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments(
            COMPOSE,
            "image: prom/prometheus:v3.5.0",
            "image: prom/prometheus",
            "prometheus: image prom/prometheus - must have a tag that stays"),
        arguments(
            COMPOSE,
            "apache/kafka:4.2.1",
            "apache/kafka:4.1.0",
            "kafka: image apache/kafka:4.1.0 - the clients are 4.2.1"),
        arguments(
            COMPOSE,
            "restart: on-failure",
            "restart: unless-stopped",
            "world: waits for the end of topics, which never ends"),
        arguments(
            COMPOSE,
            "    restart: unless-stopped\n    ports:\n      - 127.0.0.1:9090",
            "    ports:\n      - 127.0.0.1:9090",
            "prometheus: restart '' - must be unless-stopped, or on-failure"),
        arguments(
            COMPOSE,
            "127.0.0.1:9092:9092",
            "9092:9092",
            "kafka: port {\"published\":9092,\"target\":9092} - must be on 127.0.0.1:"),
        arguments(
            COMPOSE,
            """
                healthcheck:
                  test: [CMD, wget, -q, -O, /dev/null, "http://localhost:9090/-/healthy"]
                  interval: 10s
                  timeout: 5s
                  retries: 6
            """,
            "",
            "prometheus: has no health check"),
        arguments(
            COMPOSE,
            "  kafka:\n  state:",
            "  kafka:\n  more:\n  state:",
            "volume more is not used"),
        arguments(
            COMPOSE,
            "./k8s/monitoring/rules.yaml:",
            "./k8s/monitoring/rule.yaml:",
            "/k8s/monitoring/rule.yaml is not there"),
        arguments(
            COMPOSE,
            "      -- --config /etc/tagstream/tagstream.yaml --job fused",
            "      --config /etc/tagstream/tagstream.yaml --job fused",
            "jobmanager: has no -- before the job's arguments; Flink would take them"),
        arguments(
            COMPOSE,
            "--job features --restore",
            "--job feature --restore",
            "features-jobmanager: Invalid value for option '--job'"),
        arguments(
            COMPOSE,
            "tagstream topics create",
            "tagstream topics make",
            "topics: Invalid value for positional parameter"),
        arguments(
            COMPOSE,
            "launcher.cli.ClusterJob\n      -D jobmanager.rpc.address=learner",
            "launcher.cli.Job\n      -D jobmanager.rpc.address=learner",
            "learner-jobmanager: starts no io.tagstream.launcher.cli.ClusterJob"),
        arguments(
            COMPOSE,
            "taskmanager.numberOfTaskSlots: 2",
            "taskmanager.numberOfTaskSlots: two",
            "taskmanager: taskmanager.numberOfTaskSlots: two - "),
        arguments(
            COMPOSE,
            "taskmanager.memory.managed.size",
            "taskmanager.memory.manage.size",
            "taskmanager: taskmanager.memory.manage.size: there is no such option"),
        arguments(
            COMPOSE,
            "command: taskmanager -D jobmanager.rpc.address=learner-jobmanager",
            "command: taskmanager -D jobmanager.rpc.address=jobmanager",
            "learner-taskmanager: its JobManager is jobmanager, which is none of its profile"),
        arguments(
            COMPOSE,
            "file:///data/checkpoints/learner",
            "file:///data/checkpoints/features",
            "learner-jobmanager: checkpoints in file:///data/checkpoints/features - must be a"
                + " folder of its own"),
        arguments(
            COMPOSE,
            "file:///data/checkpoints/fused",
            "file:///tmp/fused",
            "jobmanager: checkpoints in file:///tmp/fused - must be on the volume at /data"),
        arguments(SETTINGS, "topics.partitions: 4", "topics.partition: 4", "topics.partition"),
        arguments(
            SETTINGS,
            "kafka:19092",
            "kafka:9092",
            "kafka.bootstrap-servers: kafka:9092 - is not advertised"),
        arguments(
            SETTINGS,
            "features.context: [device]",
            "features.context: []",
            "does not say what `tagstream world --settings` says"),
        arguments(
            "k8s/monitoring/prometheus.yaml",
            "          - learner-taskmanager\n",
            "",
            "k8s/monitoring/prometheus.yaml: looks at"),
        arguments(
            "launcher/compose/grafana/dashboards.yaml",
            "/var/lib/grafana/dashboards/tagstream",
            "/var/lib/grafana/dashboard",
            "/var/lib/grafana/dashboard - nothing is mounted there"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeShows(String file, String right, String wrong, String message) throws Exception {
    plant(file, right, wrong);
    assertThat(problems(copy)).anyMatch(problem -> problem.contains(message));
  }

  @Test
  void whatDockerComposeRefusesShows() throws Exception {
    plant(COMPOSE, "    profiles: [world]", "    profile: [world]");
    assertThatThrownBy(() -> problems(copy)).hasMessageContaining("services.world");
  }

  @Test
  void anotherFlinkShows() throws Exception {
    plant("launcher/image/gpu.Dockerfile", "FROM flink:2.2.1-java17", "FROM flink:2.2-java17");
    assertThat(ComposeChecks.dockerfiles(copy))
        .containsExactly("launcher/image/gpu.Dockerfile: must begin from flink:2.2.1-java17");
  }

  /** A copy of all that is read, with one mistake. */
  private void plant(String file, String right, String wrong) throws IOException {
    SpoiltCopy.plant(ROOT, copy, READ, file, right, wrong);
  }
}
