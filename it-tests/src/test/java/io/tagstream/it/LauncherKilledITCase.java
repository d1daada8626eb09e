package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagstream.launcher.broker.EmbeddedBrokerMain;
import io.tagstream.launcher.cli.Tagstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a process of its own: how it ends, and what it leaves behind. */
@EnabledOnOs(OS.LINUX)
class LauncherKilledITCase {

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration END_LIMIT = Duration.ofMinutes(2);

  /** What a killed launcher's broker has to end itself. */
  private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(5);

  @TempDir private Path folder;

  private Process launcher;
  private ProcessHandle broker;

  @AfterEach
  void endWhatAFailedTestLeft() {
    if (launcher != null) {
      launcher.destroyForcibly();
    }
    if (broker != null) {
      broker.destroyForcibly();
    }
  }

  @Test
  void killedLauncherLeavesNoBroker() throws Exception {
    startDemo();
    awaitReport();
    launcher.destroyForcibly();
    Eventually.await("the broker's end", ORPHAN_LIMIT, () -> !broker.isAlive());
  }

  @Test
  void interruptedLauncherEndsCleanlyWithItsSummaryLast() throws Exception {
    startDemo();
    awaitReport();
    signal("INT", launcher.pid());
    assertThat(launcher.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(launcher.exitValue()).as(errors()).isZero();
    assertThat(broker.isAlive()).isFalse();

    List<String> lines = lines();
    ObjectMapper json = new ObjectMapper();
    for (String line : lines.subList(0, lines.size() - 1)) {
      assertThat(json.readTree(line).has("summary")).isFalse();
    }
    JsonNode summary = json.readTree(lines.get(lines.size() - 1)).path("summary");
    assertThat(summary.path("events").asLong())
        .isPositive()
        .isEqualTo(summary.path("sent").asLong());
    assertThat(summary.path("deadLetters").asLong()).isZero();
    assertThat(summary.path("accounting").path("imbalance").asLong(-1)).isZero();
    for (String name :
        List.of("samplesTrained", "profilesPublished", "freshnessMillis", "tasks", "seed")) {
      assertThat(summary.has(name)).as("summary has %s", name).isTrue();
    }
    try (Stream<Path> left = Files.list(folder.resolve("home"))) {
      assertThat(left).as("folders of the run").isEmpty();
    }
  }

  private void startDemo() throws Exception {
    List<String> command = new ArrayList<>();
    // A test run in the background of a shell ignores SIGINT, and its children would as well.
    command.addAll(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx768m",
            "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.tagstream.schemas",
            "-DDJL_OFFLINE=true",
            "-DOPT_OUT_TRACKING=true",
            "-Dtagstream.home=" + folder.resolve("home"),
            Tagstream.class.getName()));
    command.addAll(List.of("demo", "--duration", "300s", "--json", "--users", "50"));
    command.addAll(List.of("--rate", "100"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    launcher =
        builder
            .redirectOutput(output().toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    Eventually.await("a broker of the launcher", START_LIMIT, () -> launcherRuns() && findBroker());
  }

  private boolean findBroker() throws IOException {
    for (ProcessHandle child : launcher.toHandle().descendants().toList()) {
      Path arguments = Path.of("/proc", String.valueOf(child.pid()), "cmdline");
      if (Files.exists(arguments)
          && Files.readString(arguments).contains(EmbeddedBrokerMain.class.getName())) {
        broker = child;
        return true;
      }
    }
    return false;
  }

  private boolean launcherRuns() throws IOException {
    assertThat(launcher.isAlive()).as(errors()).isTrue();
    return true;
  }

  private void awaitReport() throws Exception {
    Eventually.await("a report", START_LIMIT, () -> launcherRuns() && !lines().isEmpty());
    assertThat(broker.isAlive()).isTrue();
  }

  private Path output() {
    return folder.resolve("output");
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(output());
  }

  private String errors() throws IOException {
    return "what it said: " + Files.readString(folder.resolve("errors"));
  }

  private static void signal(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }
}
