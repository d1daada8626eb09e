package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagstream.launcher.broker.EmbeddedBrokerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

  /** What a killed launcher's broker has to end itself. */
  private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private LauncherProcess launcher;
  private ProcessHandle broker;

  @AfterEach
  void endWhatAFailedTestLeft() {
    if (launcher != null) {
      launcher.close();
    }
    if (broker != null) {
      broker.destroyForcibly();
    }
  }

  @Test
  void killedLauncherLeavesNoBroker() throws Exception {
    startDemo();
    awaitReport();
    launcher.kill();
    Eventually.await("the broker's end", ORPHAN_LIMIT, () -> !broker.isAlive());
  }

  @Test
  void interruptedLauncherEndsCleanlyWithItsSummaryLast() throws Exception {
    startDemo();
    awaitReport();
    launcher.interrupt();
    assertThat(broker.isAlive()).isFalse();

    List<String> lines = launcher.lines();
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
    try (Stream<Path> left = Files.list(launcher.home())) {
      assertThat(left).as("folders of the run").isEmpty();
    }
  }

  /** Somebody who has seen enough before PyTorch is loaded and all tasks run. */
  @Test
  void launcherInterruptedWhileItStartsEndsCleanlyToo() throws Exception {
    startDemo();
    launcher.interrupt();
    assertThat(broker.isAlive()).isFalse();
    List<String> lines = launcher.lines();
    assertThat(new ObjectMapper().readTree(lines.get(lines.size() - 1)).has("summary")).isTrue();
    try (Stream<Path> left = Files.list(launcher.home())) {
      assertThat(left).as("folders of the run").isEmpty();
    }
  }

  private void startDemo() throws Exception {
    launcher =
        LauncherProcess.start(
            folder,
            List.of("demo", "--duration", "300s", "--json", "--users", "50", "--rate", "100"));
    Eventually.await(
        "a broker of the launcher", START_LIMIT, () -> launcher.runs() && findBroker());
  }

  private boolean findBroker() throws IOException {
    for (ProcessHandle child : launcher.handle().descendants().toList()) {
      Path arguments = Path.of("/proc", String.valueOf(child.pid()), "cmdline");
      if (Files.exists(arguments)
          && Files.readString(arguments).contains(EmbeddedBrokerMain.class.getName())) {
        broker = child;
        return true;
      }
    }
    return false;
  }

  private void awaitReport() throws Exception {
    Eventually.await("a report", START_LIMIT, () -> launcher.runs() && !launcher.lines().isEmpty());
    assertThat(broker.isAlive()).isTrue();
  }
}
