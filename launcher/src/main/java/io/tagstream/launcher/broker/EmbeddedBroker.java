package io.tagstream.launcher.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker in a child process under {@link EmbeddedBrokerMain}, in its own process
 * session: Ctrl-C at the terminal reaches the launcher alone, which then stops the broker last; and
 * when the launcher is killed, the broker's standard input ends, and so does the broker.
 *
 * <p>Not thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
  private static final int PORT_ATTEMPTS = 3;
  private static final List<String> HEAP = List.of("-Xms256m", "-Xmx256m");

  private final Path folder;
  private final Path data;
  private final Path log;
  private int port;
  private @Nullable Process process;

  private EmbeddedBroker(Path folder) {
    this.folder = folder.toAbsolutePath();
    this.data = this.folder.resolve("data");
    this.log = this.folder.resolve("broker.log");
  }

  /**
   * Starts a broker and waits until clients may connect.
   *
   * @param folder where its data, settings and log go; made when missing. Data of an earlier run is
   *     used again
   * @throws IOException when it does not start; the message names its log file
   */
  public static EmbeddedBroker start(Path folder) throws IOException, InterruptedException {
    EmbeddedBroker broker = new EmbeddedBroker(folder);
    for (int attempt = 1; ; attempt++) {
      broker.choosePorts();
      try {
        broker.launch();
        return broker;
      } catch (IOException e) {
        // Between our look and the broker's bind somebody may have taken a port.
        if (attempt == PORT_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void choosePorts() throws IOException {
    Files.createDirectories(data);
    port = LoopbackPorts.free();
    int controllerPort = LoopbackPorts.free();
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, String> entry :
        BrokerProperties.of(data, port, controllerPort).entrySet()) {
      lines.add(entry.getKey() + "=" + entry.getValue().replace("\\", "\\\\"));
    }
    Files.write(propertiesFile(), lines);
  }

  private Path propertiesFile() {
    return folder.resolve("broker.properties");
  }

  private void launch() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process started = builder.start();
    process = started;
    CompletableFuture<Boolean> ready = new CompletableFuture<>();
    Thread output = new Thread(() -> readOutput(started, ready), "embedded-broker-output");
    output.setDaemon(true);
    output.start();
    boolean isReady = false;
    try {
      isReady = ready.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Told below, with the log's name.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // readOutput never completes it so
    } finally {
      if (!isReady) {
        kill();
      }
    }
    if (!isReady) {
      throw new IOException(
          "the embedded broker ended while it started, or did not start within "
              + START_LIMIT.toSeconds()
              + " s; its log says why: "
              + log);
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(detachedFromTerminal());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(HEAP);
    command.add("-Dlog4j2.configurationFile=classpath:tagstream-broker-log4j2.xml");
    command.add("-Dtagstream.broker.log=" + log);
    command.add(EmbeddedBrokerMain.class.getName());
    command.add(propertiesFile().toString());
    return command;
  }

  /** A prefix that keeps the terminal's signals from the broker. */
  private static List<String> detachedFromTerminal() {
    for (String folder : List.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin")) {
      Path setsid = Path.of(folder, "setsid");
      if (Files.isExecutable(setsid)) {
        return List.of(setsid.toString());
      }
    }
    // An ignored signal stays ignored over exec, and a JVM leaves ignored signals alone.
    return List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");
  }

  private static void readOutput(Process started, CompletableFuture<Boolean> ready) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.equals(EmbeddedBrokerMain.READY)) {
          ready.complete(true);
        }
      }
    } catch (IOException e) {
      // The process ended in the middle of a line.
    }
    ready.complete(false);
  }

  /** Where clients connect: {@code 127.0.0.1:port}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** The broker's process id. */
  public long pid() {
    return Objects.requireNonNull(process, "never started").pid();
  }

  /** Whether the process is there. */
  public boolean isAlive() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /** Lets the broker end cleanly; its data stays. Does nothing when it has ended. */
  public void stop() throws InterruptedException {
    Process current = process;
    if (current == null) {
      return;
    }
    try {
      current.getOutputStream().close();
    } catch (IOException e) {
      // Its end of the pipe is gone, and so is the broker.
    }
    if (!current.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
    }
  }

  /** Ends the broker as kill -9 does; its data stays as it lies. */
  public void kill() throws InterruptedException {
    Process current = process;
    if (current != null) {
      current.destroyForcibly().waitFor();
    }
  }

  /**
   * Starts an ended broker again on the same data and port.
   *
   * @throws IOException when it does not start
   */
  public void restart() throws IOException, InterruptedException {
    if (isAlive()) {
      throw new IllegalStateException("the broker runs; stop or kill it first");
    }
    launch();
  }

  /** Stops the broker; whoever gave the folder removes it. */
  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Process current = process;
      if (current != null) {
        current.destroyForcibly();
      }
    }
  }
}
