package io.tagstream.it.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tagstream.it.Tool;
import io.tagstream.launcher.config.TagstreamConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests of {@code k8s/}, and whether the rules they are held against find mistakes. */
class KubernetesManifestsTest {

  private static final Path FOLDER = Path.of("..", "k8s").toAbsolutePath().normalize();
  private static final String DEPLOYMENT = Manifest.FLINK_DEPLOYMENT;
  private static final String FEATURES = "tagstream-features";
  private static final String LEARNER = "tagstream-learner";

  private static final Map<String, Manifests> BUILT = new HashMap<>();
  private static ManifestChecker checker;

  @BeforeAll
  static void build() throws Exception {
    Path kubectl = Tool.required("kubectl", "kubernetes-client");
    checker = new ManifestChecker(FOLDER.resolve("README.md"), version());
    for (String name : List.of("overlays/dev", "overlays/production", "overlays/gpu")) {
      BUILT.put(name, Manifests.build(kubectl, FOLDER.resolve(name)));
    }
    BUILT.put(
        "overlays/production with topics",
        built("overlays/production")
            .with(Manifests.build(kubectl, FOLDER.resolve("strimzi-topics"))));
  }

  private static Manifests built(String name) {
    return Optional.ofNullable(BUILT.get(name)).orElseThrow();
  }

  private static String version() throws Exception {
    Matcher version =
        Pattern.compile("<artifactId>tagstream</artifactId>\\s*<version>(.+)</version>")
            .matcher(Files.readString(Path.of("..", "pom.xml")));
    assertThat(version.find()).isTrue();
    return version.group(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "overlays/dev",
        "overlays/production",
        "overlays/production with topics",
        "overlays/gpu"
      })
  void everyOverlayIsFreeOfMistakes(String overlay) {
    assertThat(checker.check(built(overlay))).isEmpty();
  }

  @Test
  void overlaysHoldWhatTheirNamesSay() {
    assertThat(ids("overlays/dev")).contains(DEPLOYMENT + "/tagstream");
    assertThat(ids("overlays/production"))
        .contains(
            DEPLOYMENT + "/" + FEATURES, DEPLOYMENT + "/" + LEARNER, "ServiceMonitor/tagstream")
        .doesNotContain(DEPLOYMENT + "/tagstream");
    assertThat(built("overlays/production with topics").of(Manifest.KAFKA_TOPIC)).hasSize(16);
    ObjectNode learner = deployment("overlays/gpu", LEARNER).tree();
    assertThat(learner.at("/spec/image").asText()).isEqualTo("tagstream:gpu");
    assertThat(
            learner
                .at("/spec/taskManager/podTemplate/spec/containers/0/resources/limits")
                .path("nvidia.com/gpu")
                .asText())
        .isEqualTo("1");
    assertThat(deployment("overlays/gpu", FEATURES).tree().at("/spec/image").asText())
        .isEqualTo("tagstream:cpu");
  }

  @Test
  void theGpuOverlayHasTheSettingsOfProductionButForTheDevice() {
    assertThat(text("overlays/gpu"))
        .startsWith(text("overlays/production"))
        .endsWith("\nlearner.device: gpu\n");
  }

  @Test
  void aDeploymentWithTrainingLeavesRoomForNativeTensors() {
    for (Manifest each :
        List.of(deployment("overlays/dev", "tagstream"), deployment("overlays/gpu", LEARNER))) {
      assertThat(FlinkMemoryRule.taskManager(each).getTaskOffHeapSize().getMebiBytes())
          .isGreaterThanOrEqualTo(768);
    }
  }

  @Test
  void kafkasClientsReadTheCredentialsFromTheMountedFiles(@TempDir Path secret) throws Exception {
    Files.writeString(secret.resolve("sasl.jaas.config"), "what the secret holds");
    String here = text("overlays/production").replace("/opt/tagstream/kafka", secret.toString());
    TagstreamConfig config = TagstreamConfig.parse("production", here);

    AdminClientConfig client = new AdminClientConfig(config.kafka().clientProperties());

    assertThat(client.getPassword("sasl.jaas.config"))
        .isEqualTo(new Password("what the secret holds"));
  }

  @ParameterizedTest
  @MethodSource("io.tagstream.it.k8s.PlantedMistakes#all")
  void findsMistake(PlantedMistake mistake) {
    assertThat(checker.check(mistake.in(built("overlays/production with topics"))))
        .anySatisfy(
            problem -> {
              assertThat(problem.manifest()).startsWith(mistake.manifest());
              assertThat(problem.field()).isEqualTo(mistake.field());
              assertThat(problem.rule()).isEqualTo(mistake.rule());
              assertThat(problem.toString())
                  .contains(mistake.manifest(), mistake.field(), mistake.rule());
            });
  }

  private static List<String> ids(String overlay) {
    return built(overlay).all().stream().map(Manifest::id).toList();
  }

  private static Manifest deployment(String overlay, String name) {
    return built(overlay).of(DEPLOYMENT).stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String text(String overlay) {
    return built(overlay)
        .settingsMap()
        .orElseThrow()
        .tree()
        .path("data")
        .path(Manifests.SETTINGS_FILE)
        .asText();
  }
}
