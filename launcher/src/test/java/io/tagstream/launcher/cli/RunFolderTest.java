package io.tagstream.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

  /** Above every system's largest process id. */
  private static final long NO_PROCESS = 99_999_999_999L;

  @TempDir Path parent;

  @Test
  void foldersOfDeadProcessesGoAndAllElseStays() throws Exception {
    Path dead = Files.createDirectories(parent.resolve("run-" + NO_PROCESS + "/broker/data"));
    Files.writeString(dead.resolve("log"), "x");
    Path other = Files.createDirectories(parent.resolve("run-away"));
    Path log = Files.writeString(parent.resolve("build.log"), "x");

    RunFolder mine = RunFolder.create(parent, ProcessHandle.current().pid());
    assertThat(mine.path()).isDirectory();
    assertThat(parent.resolve("run-" + NO_PROCESS)).doesNotExist();
    assertThat(other).exists();
    assertThat(log).exists();

    RunFolder.create(parent, ProcessHandle.current().pid());
    assertThat(mine.path()).isDirectory();
    RunFolder.delete(mine.path());
    assertThat(mine.path()).doesNotExist();
    RunFolder.delete(mine.path());
  }

  @Test
  void aFolderInWhichSomebodyStillWritesHindersNobody() throws Exception {
    Path dead = Files.createDirectories(parent.resolve("run-" + NO_PROCESS));
    AtomicBoolean over = new AtomicBoolean();
    Thread orphan =
        new Thread(
            () -> {
              for (int file = 0; !over.get(); file++) {
                try {
                  Files.createDirectories(dead);
                  Files.writeString(dead.resolve("log-" + file % 100), "x");
                } catch (IOException e) {
                  // Removed between the two.
                }
              }
            });
    orphan.start();
    try {
      for (int run = 0; run < 20; run++) {
        assertThat(RunFolder.create(parent, run + 1L).path()).isDirectory();
      }
    } finally {
      over.set(true);
      orphan.join();
    }
  }
}
