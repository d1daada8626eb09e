package io.tagstream.it.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.tagstream.it.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What docker-compose makes of the file.
 *
 * @param root of the repository, or of a copy of what is read here
 * @param yaml all of it, with nothing left to resolve
 */
record ComposeFile(Path root, JsonNode yaml) {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final List<String> PROFILES = List.of("fused", "split", "world");

  /**
   * Has docker-compose read it.
   *
   * @throws IllegalArgumentException when it refuses; the message is its own
   */
  static ComposeFile read(Path root) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Tool.required("docker-compose", "docker-compose").toString());
    PROFILES.forEach(profile -> command.addAll(List.of("--profile", profile)));
    command.add("config");
    Path output = Files.createTempFile("compose", ".yaml");
    Path errors = Files.createTempFile("compose", ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(root.toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalArgumentException(Files.readString(errors));
      }
      return new ComposeFile(root, YAML.readTree(Files.readString(output)));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  /** A file beside it, as a tree. */
  JsonNode tree(String path) throws IOException {
    return YAML.readTree(Files.readString(root.resolve(path)));
  }

  /**
   * A service.
   *
   * @param name by which others reach it
   */
  record Service(String name, JsonNode yaml) {

    /** Words of the command. */
    List<String> command() {
      return Stream.of(yaml.path("command").asText().trim().split("\\s+"))
          .filter(word -> !word.isEmpty())
          .toList();
    }

    /** Whether it ends when it has done its work. */
    boolean ends() {
      return yaml.path("restart").asText().equals("on-failure");
    }

    boolean isJobManager() {
      return command().contains("standalone-job");
    }

    boolean isTaskManager() {
      return command().contains("taskmanager");
    }

    /** The names of the profiles it belongs to; a service without one always runs. */
    List<String> profiles() {
      return yaml.path("profiles").valueStream().map(JsonNode::asText).toList();
    }

    /** Whose start it waits for, and until when. */
    Stream<Map.Entry<String, String>> dependencies() {
      return yaml.path("depends_on")
          .propertyStream()
          .map(each -> Map.entry(each.getKey(), each.getValue().path("condition").asText()));
    }
  }

  List<Service> services() {
    return yaml.path("services")
        .propertyStream()
        .map(each -> new Service(each.getKey(), each.getValue()))
        .toList();
  }
}
