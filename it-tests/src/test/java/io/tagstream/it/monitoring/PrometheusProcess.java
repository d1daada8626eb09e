package io.tagstream.it.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tagstream.it.Eventually;
import io.tagstream.it.Tool;
import io.tagstream.launcher.broker.LoopbackPorts;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Prometheus as a process of its own, with the scrape configuration and the rules of this
 * repository. It looks every second, at other targets.
 */
public final class PrometheusProcess implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final String address;
  private final HttpClient http = HttpClient.newHttpClient();

  private PrometheusProcess(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param folder for its configuration, data and log
   * @param ports of this machine to scrape
   */
  public static PrometheusProcess start(Path folder, List<Integer> ports) throws Exception {
    Path program = Tool.required("prometheus", "prometheus");
    Files.createDirectories(folder);
    // JSON is YAML.
    Path config = folder.resolve("prometheus.yaml");
    Files.writeString(config, JSON.writeValueAsString(config(ports)));
    String address = "127.0.0.1:" + LoopbackPorts.free();
    Path log = folder.resolve("prometheus.log");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=" + address)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    PrometheusProcess prometheus = new PrometheusProcess(process, address);
    try {
      Eventually.await("Prometheus", START_LIMIT, prometheus::isReady, () -> Files.readString(log));
      return prometheus;
    } catch (Exception | AssertionError e) {
      prometheus.close();
      throw e;
    }
  }

  private static JsonNode config(List<Integer> ports) throws IOException {
    MonitoringFiles files = MonitoringFiles.here();
    ObjectNode config = (ObjectNode) files.yaml("prometheus.yaml");
    config.withObject("/global").put("scrape_interval", "1s").put("evaluation_interval", "1s");
    ArrayNode rules = config.putArray("rule_files");
    rules.add(files.folder().resolve("rules.yaml").toString());
    ObjectNode scrape = (ObjectNode) config.path("scrape_configs").path(0);
    scrape.remove("dns_sd_configs");
    ArrayNode targets = scrape.putArray("static_configs").addObject().putArray("targets");
    ports.forEach(port -> targets.add("127.0.0.1:" + port));
    return config;
  }

  private boolean isReady() throws InterruptedException {
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** What a query gives now: a list of series, each with its value. */
  JsonNode query(String expression) throws Exception {
    return data("/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8)).path("result");
  }

  /** The names of all series there have been. */
  List<String> metrics() throws Exception {
    return texts(data("/api/v1/label/__name__/values"), "");
  }

  /** All rules that are not evaluated, each with why. */
  List<String> unhealthyRules() throws Exception {
    List<String> rules = new ArrayList<>();
    for (JsonNode group : data("/api/v1/rules").path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        if (!rule.path("health").asText().equals("ok")) {
          rules.add(rule.path("name").asText() + ": " + rule.path("lastError").asText());
        }
      }
    }
    return rules;
  }

  /** The names of the alerts that fire now and are of a severity. */
  List<String> firing(String severity) throws Exception {
    return texts(
        query("ALERTS{alertstate=\"firing\", severity=\"%s\"}".formatted(severity)),
        "/metric/alertname");
  }

  private static List<String> texts(JsonNode array, String pointer) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.at(pointer).asText()));
    return texts;
  }

  private JsonNode data(String path) throws Exception {
    HttpResponse<String> response = get(path);
    JsonNode answer = JSON.readTree(response.body());
    if (!answer.path("status").asText().equals("success")) {
      throw new AssertionError(path + ": " + response.body());
    }
    return answer.path("data");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + address + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
