package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagstream.launcher.broker.LoopbackPorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Flink session as it is deployed: the folders that {@code launcher/image/assemble} lays out, and
 * Flink's own entry points on them, a JobManager and TaskManagers as processes of their own.
 */
final class FlinkProcesses implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SUBMITTED = Pattern.compile("JobID ([0-9a-f]{32})");
  private static final int SLOTS = 2;
  private static final int LAST_LINES = 25;
  private static final int METRICS_PORTS = 21;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

  private static final String LOGGING =
      """
      rootLogger.level = INFO
      rootLogger.appenderRef.console.ref = Console
      appender.console.name = Console
      appender.console.type = CONSOLE
      appender.console.layout.type = PatternLayout
      appender.console.layout.pattern = %d %p %c - %m%n
      """;

  private static final Path BUILD_FILES =
      Path.of("..", "launcher", "image").toAbsolutePath().normalize();
  private static final Pattern TOOL_OPTIONS =
      Pattern.compile("^ENV JAVA_TOOL_OPTIONS=\"(.+)\"$", Pattern.MULTILINE);

  /** Beside what the images tell every JVM. */
  private static final List<String> JVM =
      List.of(
          "-XX:+UseG1GC",
          "-XX:MaxMetaspaceSize=256m",
          // Of what Flink's own configuration opens: its client needs it, and whoever is to say of
          // which memory there is too little.
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED");

  private final Path folder;
  private final Path image;
  private final int restPort;
  private final int metricsPort;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Process> processes = new ArrayList<>();
  private final List<Process> taskManagers = new ArrayList<>();

  private FlinkProcesses(Path folder, int restPort, int metricsPort) {
    this.folder = folder;
    this.image = folder.resolve("image");
    this.restPort = restPort;
    this.metricsPort = metricsPort;
  }

  /**
   * Starts a session without a job.
   *
   * @param folder of this cluster, for its folders, logs and checkpoints
   */
  static FlinkProcesses start(Path folder, int taskManagers) throws Exception {
    Files.createDirectories(folder);
    FlinkProcesses cluster =
        new FlinkProcesses(folder, LoopbackPorts.free(), LoopbackPorts.free(METRICS_PORTS));
    try {
      cluster.assemble();
      cluster.configure();
      cluster.process(
          "jobmanager",
          "-Xmx384m",
          "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
          List.of("--configDir", cluster.folder.resolve("conf").toString()));
      for (int n = 0; n < taskManagers; n++) {
        cluster.startTaskManager();
      }
      cluster.await(taskManagers + " task managers", () -> cluster.slots() == taskManagers * SLOTS);
      return cluster;
    } catch (Exception | AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  /** What an image tells every JVM. */
  static String toolOptions(String role) throws IOException {
    String file = Files.readString(BUILD_FILES.resolve(role + ".Dockerfile"));
    Matcher options = TOOL_OPTIONS.matcher(file);
    assertThat(options.find()).as(file).isTrue();
    return options.group(1);
  }

  /** The image's folders, where Flink would find them. */
  Path image() {
    return image;
  }

  private void assemble() throws Exception {
    Process process =
        new ProcessBuilder(BUILD_FILES.resolve("assemble").toString(), "--flink", image.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("assemble.log").toFile())
            .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("assemble.log"))).isZero();
  }

  private void configure() throws IOException {
    Files.createDirectories(folder.resolve("conf"));
    Files.writeString(folder.resolve("conf").resolve("log4j.properties"), LOGGING);
    Files.writeString(
        folder.resolve("conf").resolve("config.yaml"),
        """
        jobmanager.rpc.address: 127.0.0.1
        jobmanager.rpc.port: %d
        jobmanager.bind-host: 127.0.0.1
        rest.address: 127.0.0.1
        rest.bind-address: 127.0.0.1
        rest.port: %d
        taskmanager.host: 127.0.0.1
        taskmanager.bind-host: 127.0.0.1
        taskmanager.numberOfTaskSlots: %d
        taskmanager.cpu.cores: 2.0
        taskmanager.memory.task.heap.size: 256m
        taskmanager.memory.task.off-heap.size: 128m
        taskmanager.memory.network.min: 64m
        taskmanager.memory.network.max: 64m
        taskmanager.memory.managed.size: 128m
        taskmanager.memory.framework.heap.size: 64m
        taskmanager.memory.framework.off-heap.size: 64m
        taskmanager.memory.jvm-metaspace.size: 256m
        taskmanager.memory.jvm-overhead.min: 128m
        taskmanager.memory.jvm-overhead.max: 128m
        heartbeat.interval: 500ms
        heartbeat.timeout: 8s
        io.tmp.dirs: '%s'
        metrics.reporters: prom
        metrics.reporter.prom.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory
        metrics.reporter.prom.port: %d-%d
        execution.checkpointing.storage: filesystem
        execution.checkpointing.dir: '%s'
        """
            .formatted(
                LoopbackPorts.free(),
                restPort,
                SLOTS,
                Files.createDirectories(folder.resolve("tmp")),
                metricsPort,
                metricsPort + METRICS_PORTS - 1,
                folder.resolve("checkpoints").toUri()));
  }

  /** Starts a TaskManager; it offers its slots a moment later. */
  void startTaskManager() throws IOException {
    taskManagers.add(
        process(
            "taskmanager-" + taskManagers.size(),
            "-Xmx512m",
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            List.of("--configDir", folder.resolve("conf").toString())));
  }

  /** Kills the TaskManager that was started first, as nothing but the kernel can. */
  void killOldestTaskManager() throws InterruptedException {
    Process oldest = taskManagers.stream().filter(Process::isAlive).findFirst().orElseThrow();
    oldest.destroyForcibly().waitFor();
  }

  /** Ids of the processes of all TaskManagers that live. */
  List<Long> livingTaskManagers() {
    return taskManagers.stream().filter(Process::isAlive).map(Process::pid).toList();
  }

  private Process process(String name, String heap, String main, List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), heap));
    command.addAll(JVM);
    command.add(
        "-Dlog4j.configurationFile=" + folder.resolve("conf").resolve("log4j.properties").toUri());
    command.add("-cp");
    command.add(image.resolve("flink") + "/*:" + image.resolve("lib") + "/*");
    command.add(main);
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().put("FLINK_CONF_DIR", folder.resolve("conf").toString());
    builder.environment().put("JAVA_TOOL_OPTIONS", toolOptions("cpu"));
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  /**
   * Submits the job, as {@code flink run} does; returns its id.
   *
   * @param arguments of the job
   */
  String submit(List<String> arguments) throws Exception {
    List<Path> jars;
    try (Stream<Path> files = Files.list(image.resolve("usrlib"))) {
      jars = files.sorted().toList();
    }
    List<String> command = new ArrayList<>(List.of("run", "-d", "-m", "127.0.0.1:" + restPort));
    Path job = null;
    for (Path jar : jars) {
      if (jar.getFileName().toString().startsWith("launcher-")) {
        job = jar;
      } else {
        command.addAll(List.of("-C", jar.toUri().toURL().toString()));
      }
    }
    command.addAll(List.of("-c", "io.tagstream.launcher.cli.ClusterJob", String.valueOf(job)));
    command.addAll(arguments);
    String name = "submit-" + processes.size();
    Process client = process(name, "-Xmx256m", "org.apache.flink.client.cli.CliFrontend", command);
    assertThat(client.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(folder.resolve(name + ".log"));
    Matcher id = SUBMITTED.matcher(said);
    assertThat(id.find()).as(said).isTrue();
    return id.group(1);
  }

  /** Ends a job without anything kept. */
  void cancel(String job) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(rest("/jobs/" + job + "?mode=cancel"))
                .method("PATCH", HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    await("the job's end", () -> state(job).equals("CANCELED"));
  }

  /** Where a job is in its life. */
  String state(String job) throws Exception {
    return get("/jobs/" + job).path("state").asText();
  }

  /** How many checkpoints of a job have completed. */
  int checkpoints(String job) throws Exception {
    return get("/jobs/" + job + "/checkpoints").path("counts").path("completed").asInt();
  }

  /** The checkpoint that a job began with; empty where it began anew. */
  String restoredFrom(String job) throws Exception {
    return get("/jobs/" + job + "/checkpoints").at("/latest/restored/external_path").asText("");
  }

  /** Metaspace of the JobManager, and of every TaskManager in the order Flink has them; bytes. */
  List<Long> metaspace() throws Exception {
    return metric("Status.JVM.Memory.Metaspace.Used");
  }

  /** Java heap, the same. */
  List<Long> heap() throws Exception {
    return metric("Status.JVM.Memory.Heap.Used");
  }

  private List<Long> metric(String name) throws Exception {
    List<String> paths = new ArrayList<>(List.of("/jobmanager"));
    for (JsonNode manager : get("/taskmanagers").path("taskmanagers")) {
      paths.add("/taskmanagers/" + manager.path("id").asText());
    }
    List<Long> values = new ArrayList<>();
    for (String path : paths) {
      values.add(get(path + "/metrics?get=" + name).path(0).path("value").asLong());
    }
    return values;
  }

  /** Has every process give up what nobody holds, classes included. */
  void collectGarbage() throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    for (Process process : processes) {
      if (process.isAlive()) {
        Process collection =
            new ProcessBuilder(jcmd.toString(), String.valueOf(process.pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("jcmd.log").toFile())
                .start();
        assertThat(collection.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  /** Where processes show their metrics; each takes the first port that is free. */
  List<Integer> metricsPorts() {
    return IntStream.range(metricsPort, metricsPort + METRICS_PORTS).boxed().toList();
  }

  private int slots() throws Exception {
    int slots = 0;
    for (JsonNode manager : get("/taskmanagers").path("taskmanagers")) {
      slots += manager.path("slotsNumber").asInt();
    }
    return slots;
  }

  private URI rest(String path) {
    return URI.create("http://127.0.0.1:" + restPort + path);
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> response =
        http.send(HttpRequest.newBuilder(rest(path)).build(), HttpResponse.BodyHandlers.ofString());
    return JSON.readTree(response.body());
  }

  /** Waits for a condition; a condition that throws is not met yet. */
  void await(String what, Eventually.Condition condition) throws Exception {
    Eventually.await(
        what,
        LIMIT,
        () -> {
          try {
            if (condition.holds()) {
              return true;
            }
          } catch (IOException e) {
            // The JobManager does not answer yet.
          }
          // What is looked at is other processes, which need the processors more.
          LockSupport.parkNanos(LOOK_AGAIN.toNanos());
          return false;
        },
        this::lastWords);
  }

  /** The ends of all logs. */
  private String lastWords() throws IOException {
    StringBuilder words = new StringBuilder();
    try (Stream<Path> logs = Files.list(folder)) {
      for (Path log : logs.filter(file -> file.toString().endsWith(".log")).sorted().toList()) {
        List<String> lines = Files.readAllLines(log);
        words.append('\n').append(log.getFileName()).append('\n');
        lines
            .subList(Math.max(0, lines.size() - LAST_LINES), lines.size())
            .forEach(line -> words.append("  ").append(line).append('\n'));
      }
    }
    return words.toString();
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    for (Process process : processes) {
      try {
        process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
