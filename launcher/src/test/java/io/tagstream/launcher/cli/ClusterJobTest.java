package io.tagstream.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.launcher.config.InvalidConfigurationException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is said before anything is asked of Kafka or a cluster. */
class ClusterJobTest {

  @TempDir private Path folder;

  @Test
  void aWrongArgumentIsNamedWithTheUsage() {
    assertThatThrownBy(() -> ClusterJob.main("--job", "feature"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--job")
        .hasMessageContaining("feature")
        .hasMessageContaining("Usage: tagstream-job");
  }

  @Test
  void everyMistakeOfTheFileIsNamed() throws Exception {
    Path file = folder.resolve("tagstream.yaml");
    Files.writeString(file, "topics.partitions: none\nprofile.interval: 5 s\n");
    assertThatThrownBy(() -> ClusterJob.main("--config", file.toString()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("topics.partitions")
        .hasMessageContaining("profile.interval");
  }

  @Test
  void helpStartsNothing() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      ClusterJob.main("--help");
    } finally {
      System.setOut(before);
    }
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("--restore", "--job", "--config");
  }
}
