package io.tagstream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Whether a program that is missing is noticed. */
class ToolTest {

  @Test
  void takesTheFirstExecutableOfThePath(@TempDir Path folder) throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.createFile(data.resolve("tool"));
    Path programs = Files.createDirectory(folder.resolve("programs"));
    Path program = Files.createFile(programs.resolve("tool"));
    assertThat(program.toFile().setExecutable(true)).isTrue();

    assertThat(Tool.find("tool", data + File.pathSeparator + programs)).contains(program);
    assertThat(Tool.find("other", data + File.pathSeparator + programs)).isEmpty();
  }

  @Test
  void failsInContinuousIntegrationAndAbortsElsewhere() {
    assertThatThrownBy(() -> Tool.missing("tool", "tools", true))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("tool", "tools");
    assertThatThrownBy(() -> Tool.missing("tool", "tools", false))
        .isInstanceOf(TestAbortedException.class)
        .hasMessageContainingAll("tool", "tools");
  }
}
