package io.tagstream.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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
}
