package io.tagstream.ingestion.decode.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;

/**
 * A registry over HTTP: {@code GET /schemas/ids/ID}, and for schemas that name others {@code GET
 * /subjects/SUBJECT/versions/VERSION}. A schema never changes, so it is asked for once; an id that
 * is not known may be registered yet, so it is asked for again after a while.
 *
 * <p>Not thread-safe.
 */
public final class HttpSchemaRegistry implements SchemaRegistry {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ACCEPTED = "application/vnd.schemaregistry.v1+json, application/json";
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);
  private static final Duration FIRST_DELAY = Duration.ofMillis(100);
  private static final Duration LAST_DELAY = Duration.ofSeconds(5);
  private static final long UNKNOWN_FOR_NANOS = Duration.ofSeconds(30).toNanos();
  private static final int MOST_UNKNOWN = 10_000;
  private static final int NOT_FOUND = 404;
  private static final int OK = 200;

  private final String url;
  private final String credentialsFile;
  private final Duration patience;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(REQUEST_LIMIT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private final RetryPolicy<HttpResponse<byte[]>> retries;
  private final Int2ObjectOpenHashMap<Schema> known = new Int2ObjectOpenHashMap<>();
  private final Int2ObjectOpenHashMap<Unknown> unknown = new Int2ObjectOpenHashMap<>();

  /** An id without a schema, as it was found some time ago. */
  private record Unknown(String message, long atNanos) {}

  /** A client of the registry that the configuration names. */
  public HttpSchemaRegistry(RegistryConfig config) {
    this.url = config.url().replaceAll("/+$", "");
    this.credentialsFile = config.credentialsFile();
    this.patience = config.patience();
    this.retries =
        RetryPolicy.<HttpResponse<byte[]>>builder()
            .handle(IOException.class)
            .handleResultIf(response -> busy(response.statusCode()))
            .withBackoff(FIRST_DELAY, LAST_DELAY)
            .withMaxRetries(-1)
            .withMaxDuration(patience)
            .build();
  }

  private static boolean busy(int status) {
    return status == 408 || status == 429 || status >= 500;
  }

  @Override
  public Schema schema(int id) throws UnknownSchemaException {
    Schema schema = known.get(id);
    if (schema != null) {
      return schema;
    }
    Unknown unknownBefore = unknown.get(id);
    if (unknownBefore != null && System.nanoTime() - unknownBefore.atNanos < UNKNOWN_FOR_NANOS) {
      throw new UnknownSchemaException(unknownBefore.message);
    }
    try {
      schema = ask(id);
    } catch (UnknownSchemaException e) {
      if (unknown.size() >= MOST_UNKNOWN) {
        unknown.clear(); // garbage in place of ids; better asked again than remembered for ever
      }
      unknown.put(id, new Unknown(String.valueOf(e.getMessage()), System.nanoTime()));
      throw e;
    }
    unknown.remove(id);
    known.put(id, schema);
    return schema;
  }

  private Schema ask(int id) throws UnknownSchemaException {
    JsonNode answer = get("/schemas/ids/" + id);
    if (answer == null) {
      throw new UnknownSchemaException("schema " + id + " is not known to " + url);
    }
    return parsed("schema " + id, answer);
  }

  private Schema parsed(String what, JsonNode answer) throws UnknownSchemaException {
    Schema.Parser parser = new Schema.Parser();
    addReferences(what, answer, parser, new HashSet<>());
    return parse(what, answer, parser);
  }

  /** Schemas that are named in this one come first, and those named in them before. */
  private void addReferences(String what, JsonNode answer, Schema.Parser parser, Set<String> seen)
      throws UnknownSchemaException {
    for (JsonNode reference : answer.path("references")) {
      String subject = reference.path("subject").asText();
      String version = reference.path("version").asText();
      String path =
          "/subjects/"
              + URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20")
              + "/versions/"
              + version;
      if (seen.add(path)) {
        JsonNode named = get(path);
        if (named == null) {
          throw new UnknownSchemaException(
              what + " names version " + version + " of " + subject + ", which is not known");
        }
        addReferences(subject, named, parser, seen);
        parse(subject, named, parser);
      }
    }
  }

  private static Schema parse(String what, JsonNode answer, Schema.Parser parser)
      throws UnknownSchemaException {
    String type = answer.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new UnknownSchemaException(what + " is a " + type + " schema, and must be AVRO");
    }
    try {
      return parser.parse(answer.path("schema").asText());
    } catch (SchemaParseException e) {
      throw new UnknownSchemaException(what + " is no Avro schema: " + e.getMessage());
    }
  }

  /** The answer; null when there is nothing at the path. */
  private @Nullable JsonNode get(String path) {
    HttpRequest request = request(path);
    HttpResponse<byte[]> response;
    try {
      response =
          Failsafe.with(retries)
              .get(() -> client.send(request, HttpResponse.BodyHandlers.ofByteArray()));
    } catch (FailsafeException e) {
      if (e.getCause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw unavailable(path, "gave no answer in " + patience.toSeconds() + " s", e.getCause());
    }
    if (response.statusCode() == NOT_FOUND) {
      return null;
    }
    if (response.statusCode() != OK) {
      throw unavailable(path, "answered with status " + response.statusCode(), null);
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw unavailable(path, "answered with something that is no JSON", e);
    } catch (IOException e) {
      throw new IllegalStateException(e); // a byte array does not fail
    }
  }

  private HttpRequest request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(REQUEST_LIMIT)
            .header("Accept", ACCEPTED);
    if (!credentialsFile.isEmpty()) {
      request.header("Authorization", "Basic " + credentials());
    }
    return request.build();
  }

  /** Read each time: whoever renews the file need not restart the job. */
  private String credentials() {
    try {
      String credentials = Files.readString(Path.of(credentialsFile)).strip();
      return Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new RegistryUnavailableException(
          "schema-registry.credentials-file: " + credentialsFile + " cannot be read", e);
    }
  }

  private RegistryUnavailableException unavailable(
      String path, String what, @Nullable Throwable cause) {
    return new RegistryUnavailableException(
        "schema-registry.url: " + url + " " + what + " to GET " + path, cause);
  }
}
