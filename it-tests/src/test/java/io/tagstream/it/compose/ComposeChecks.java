package io.tagstream.it.compose;

import com.fasterxml.jackson.databind.JsonNode;
import io.tagstream.it.FlinkOptions;
import io.tagstream.it.compose.ComposeFile.Service;
import io.tagstream.launcher.cli.ClusterJob;
import io.tagstream.launcher.cli.Tagstream;
import io.tagstream.launcher.config.InvalidConfigurationException;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.world.PlantedWorld;
import io.tagstream.launcher.world.PlantedWorldConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.kafka.common.utils.AppInfoParser;
import picocli.CommandLine.ParameterException;

/** What must hold of the compose file; each check returns its problems, and none is best. */
final class ComposeChecks {

  private static final String LOOPBACK = "127.0.0.1:";
  private static final String SETTINGS = "launcher/compose/tagstream.yaml";
  private static final String PROMETHEUS = "k8s/monitoring/prometheus.yaml";
  private static final String PROVIDER = "launcher/compose/grafana/dashboards.yaml";
  private static final String FLINK_PROPERTIES = "FLINK_PROPERTIES";

  private final ComposeFile file;
  private final FlinkOptions options;
  private final List<String> problems = new ArrayList<>();

  ComposeChecks(ComposeFile file, FlinkOptions options) {
    this.file = file;
    this.options = options;
  }

  List<String> all() throws IOException {
    for (Service service : file.services()) {
      image(service);
      life(service);
      dependencies(service);
      ports(service);
      volumes(service);
      command(service);
      flink(service);
    }
    volumesAreUsed();
    jobsKeepApart();
    settings();
    monitoring();
    return List.copyOf(problems);
  }

  private void problem(Service service, String what) {
    problems.add(service.name() + ": " + what);
  }

  private void image(Service service) {
    String image = service.yaml().path("image").asText();
    String tag = image.replaceFirst("^.*:", "");
    if (!image.contains(":") || tag.equals("latest")) {
      problem(service, "image " + image + " - must have a tag that stays");
    }
    if (image.startsWith("apache/kafka:") && !tag.equals(AppInfoParser.getVersion())) {
      problem(service, "image " + image + " - the clients are " + AppInfoParser.getVersion());
    }
  }

  private void life(Service service) {
    String restart = service.yaml().path("restart").asText();
    if (!Set.of("unless-stopped", "on-failure").contains(restart)) {
      problem(service, "restart '" + restart + "' - must be unless-stopped, or on-failure");
    }
    boolean serves = service.isTaskManager() || service.yaml().has("ports");
    if (serves && !service.yaml().has("healthcheck")) {
      problem(service, "has no health check");
    }
  }

  private void dependencies(Service service) {
    Map<String, Service> byName =
        file.services().stream().collect(Collectors.toMap(Service::name, each -> each));
    service
        .dependencies()
        .forEach(
            each -> {
              Service other = byName.get(each.getKey());
              if (other == null) {
                problem(service, "depends on " + each.getKey() + ", which is not there");
              } else if (!service.profiles().containsAll(other.profiles())) {
                problem(service, "depends on " + other.name() + ", of another profile");
              } else if (each.getValue().equals("service_healthy")
                  && !other.yaml().has("healthcheck")) {
                problem(service, "waits for the health of " + other.name() + ", which has none");
              } else if (each.getValue().equals("service_completed_successfully")
                  && !other.ends()) {
                problem(service, "waits for the end of " + other.name() + ", which never ends");
              }
            });
  }

  private void ports(Service service) {
    for (JsonNode port : service.yaml().path("ports")) {
      // One without an address comes as an object.
      if (!port.asText().startsWith(LOOPBACK)) {
        String shown = port.isTextual() ? port.asText() : port.toString();
        problem(service, "port " + shown + " - must be on " + LOOPBACK);
      }
    }
  }

  private void volumes(Service service) {
    for (JsonNode volume : service.yaml().path("volumes")) {
      String source = volume.asText().replaceFirst(":.*", "");
      boolean named = !source.contains("/");
      if (named && !file.yaml().path("volumes").has(source)) {
        problem(service, "volume " + source + " is not declared");
      }
      if (!named && !Files.exists(Path.of(source))) {
        problem(service, source + " is not there");
      }
    }
  }

  private void volumesAreUsed() {
    Set<String> unused = new TreeSet<>();
    file.yaml().path("volumes").fieldNames().forEachRemaining(unused::add);
    for (Service service : file.services()) {
      for (JsonNode volume : service.yaml().path("volumes")) {
        unused.remove(volume.asText().replaceFirst(":.*", ""));
      }
    }
    unused.forEach(each -> problems.add("volume " + each + " is not used"));
  }

  private void command(Service service) {
    List<String> words = service.command();
    try {
      if (service.isJobManager()) {
        int end = words.indexOf("--");
        if (end < 0) {
          problem(service, "has no -- before the job's arguments; Flink would take them");
          return;
        }
        if (!words.contains(ClusterJob.class.getName())) {
          problem(service, "starts no " + ClusterJob.class.getName());
        }
        ClusterJob.commandLine()
            .parseArgs(words.subList(end + 1, words.size()).toArray(String[]::new));
      } else if (words.contains("tagstream")) {
        Tagstream.commandLine().parseArgs(words.subList(1, words.size()).toArray(String[]::new));
      }
    } catch (ParameterException e) {
      problem(service, e.getMessage().lines().findFirst().orElse(""));
    }
  }

  private Map<String, String> flinkProperties(Service service) {
    Map<String, String> properties = new LinkedHashMap<>();
    service
        .yaml()
        .path("environment")
        .path(FLINK_PROPERTIES)
        .asText()
        .lines()
        .map(line -> line.split(": ", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> properties.put(pair[0], pair[1]));
    List<String> words = service.command();
    for (int n = 0; n + 1 < words.size(); n++) {
      if (words.get(n).equals("-D")) {
        String[] pair = words.get(n + 1).split("=", 2);
        properties.put(pair[0], pair[1]);
      }
    }
    return properties;
  }

  private void flink(Service service) {
    Map<String, String> properties = flinkProperties(service);
    options.problems(properties).forEach((key, what) -> problem(service, key + ": " + what));
    String jobManager = properties.get(JobManagerOptions.ADDRESS.key());
    if (service.isJobManager() && !service.name().equals(jobManager)) {
      problem(service, "its address is " + jobManager + " - must be its name");
    }
    if (service.isTaskManager()
        && file.services().stream()
            .filter(Service::isJobManager)
            .filter(other -> other.profiles().equals(service.profiles()))
            .noneMatch(other -> other.name().equals(jobManager))) {
      problem(service, "its JobManager is " + jobManager + ", which is none of its profile");
    }
  }

  /** The newest checkpoint of a folder is to be the job's own. */
  private void jobsKeepApart() {
    Set<String> folders = new HashSet<>();
    for (Service service : file.services()) {
      String folder =
          flinkProperties(service).get(CheckpointingOptions.CHECKPOINTS_DIRECTORY.key());
      if (service.isJobManager() && (folder == null || !folders.add(folder))) {
        problem(service, "checkpoints in " + folder + " - must be a folder of its own");
      }
      if (folder != null && !folder.startsWith("file:///data/")) {
        problem(service, "checkpoints in " + folder + " - must be on the volume at /data");
      }
    }
  }

  /** Settings are right, and know what the planted world's events carry. */
  private void settings() throws IOException {
    try {
      TagstreamConfig loaded = TagstreamConfig.load(file.root().resolve(SETTINGS));
      String broker = loaded.kafka().bootstrapServers();
      if (!kafka().path("KAFKA_ADVERTISED_LISTENERS").asText().contains("//" + broker)) {
        problems.add(SETTINGS + ": kafka.bootstrap-servers: " + broker + " - is not advertised");
      }
      TagstreamConfig ofWorld = TagstreamConfig.parse("the world's settings", worldSettings());
      if (!loaded.features().equals(ofWorld.features())
          || !loaded.tasks().equals(ofWorld.tasks())) {
        problems.add(SETTINGS + ": does not say what `tagstream world --settings` says");
      }
    } catch (InvalidConfigurationException e) {
      problems.add(e.getMessage());
    }
  }

  private JsonNode kafka() {
    return file.yaml().path("services").path("kafka").path("environment");
  }

  private static String worldSettings() {
    try (PlantedWorld world = new PlantedWorld(PlantedWorldConfig.defaults(1).withUsers(1))) {
      return world.fields().settings();
    }
  }

  /** All of Flink's processes are looked at, and Grafana finds the dashboards. */
  private void monitoring() throws IOException {
    Set<String> scraped = new TreeSet<>();
    file.tree(PROMETHEUS)
        .at("/scrape_configs/0/dns_sd_configs/0/names")
        .forEach(name -> scraped.add(name.asText()));
    Set<String> wanted =
        file.services().stream()
            .filter(each -> each.isJobManager() || each.isTaskManager())
            .map(Service::name)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!scraped.equals(wanted)) {
      problems.add(PROMETHEUS + ": looks at " + scraped + " - must be " + wanted);
    }
    String folder = file.tree(PROVIDER).at("/providers/0/options/path").asText();
    boolean mounted = false;
    for (JsonNode volume : file.yaml().at("/services/grafana/volumes")) {
      mounted |= volume.asText().contains(":" + folder + ":");
    }
    if (!mounted) {
      problems.add(PROVIDER + ": " + folder + " - nothing is mounted there");
    }
  }

  /** The image that the jobs' image is made of has the Flink that they are built with. */
  static List<String> dockerfiles(Path root) throws IOException {
    List<String> problems = new ArrayList<>();
    String wanted = "flink:" + EnvironmentInformation.getVersion() + "-java17";
    for (String role : List.of("cpu", "gpu")) {
      String name = "launcher/image/" + role + ".Dockerfile";
      if (!Files.readString(root.resolve(name))
          .lines()
          .anyMatch(l -> l.startsWith("FROM " + wanted))) {
        problems.add(name + ": must begin from " + wanted);
      }
    }
    return problems;
  }
}
