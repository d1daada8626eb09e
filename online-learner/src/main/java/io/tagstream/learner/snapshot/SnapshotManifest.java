package io.tagstream.learner.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a snapshot's {@code manifest.json} says.
 *
 * @param model name of the model
 * @param step training steps done
 * @param eventTimeMillis largest event time trained, milliseconds since the epoch
 * @param tasks names of the tasks, in order
 * @param digest SHA-256 of the complete training state, lower-case hex
 * @param fileDigest SHA-256 of the safetensors file, lower-case hex
 */
public record SnapshotManifest(
    String model,
    long step,
    long eventTimeMillis,
    List<String> tasks,
    String digest,
    String fileDigest) {

  /** Name of the manifest in a snapshot's folder. */
  public static final String FILE = "manifest.json";

  /** Name of the tensors' file in a snapshot's folder. */
  public static final String TENSORS = "model.safetensors";

  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  public SnapshotManifest {
    tasks = List.copyOf(tasks);
  }

  byte[] toJson() throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("format", FORMAT)
        .put("model", model)
        .put("step", step)
        .put("eventTimeMillis", eventTimeMillis)
        .put("digest", digest);
    tasks.forEach(node.putArray("tasks")::add);
    node.putArray("files").addObject().put("name", TENSORS).put("sha256", fileDigest);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
  }

  /**
   * Reads the manifest of a snapshot's folder.
   *
   * @throws IOException when there is none, or its format is unknown
   */
  public static SnapshotManifest read(Path folder) throws IOException {
    JsonNode node = JSON.readTree(folder.resolve(FILE).toFile());
    if (node.path("format").asInt() != FORMAT) {
      throw new IOException(
          String.format(
              "%s: format %s - this release reads %d",
              folder.resolve(FILE), node.path("format"), FORMAT));
    }
    List<String> tasks = new ArrayList<>();
    node.path("tasks").forEach(task -> tasks.add(task.asText()));
    return new SnapshotManifest(
        node.path("model").asText(),
        node.path("step").asLong(),
        node.path("eventTimeMillis").asLong(),
        tasks,
        node.path("digest").asText(),
        node.path("files").path(0).path("sha256").asText());
  }
}
