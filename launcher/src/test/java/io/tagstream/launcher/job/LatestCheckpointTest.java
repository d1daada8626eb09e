package io.tagstream.launcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatestCheckpointTest {

  @TempDir private Path folder;

  private Path complete(String name, long millis) throws IOException {
    Path checkpoint = Files.createDirectories(folder.resolve(name));
    Path metadata = Files.writeString(checkpoint.resolve("_metadata"), "");
    Files.setLastModifiedTime(metadata, FileTime.fromMillis(millis));
    return checkpoint;
  }

  private Optional<Path> latest() throws IOException {
    return LatestCheckpoint.in(folder.toUri().toString()).map(uri -> Path.of(uri.substring(5)));
  }

  @Test
  void isTheOneThatBecameCompleteLast() throws IOException {
    complete("job-a/chk-90", 5_000);
    Path newest = complete("job-b/chk-3", 7_000);
    complete("savepoint-1", 6_000);
    assertThat(latest()).contains(newest);
  }

  @Test
  void mayBeASavepoint() throws IOException {
    complete("job/chk-2", 5_000);
    Path savepoint = complete("savepoint-1", 6_000);
    assertThat(latest()).contains(savepoint);
  }

  @Test
  void isNoneThatWasNeverCompleted() throws IOException {
    Files.createDirectories(folder.resolve("job/chk-4"));
    complete("job/shared", 9_000);
    assertThat(latest()).isEmpty();
  }

  @Test
  void isNoneWhereThereIsNoFolder() throws IOException {
    assertThat(LatestCheckpoint.in(folder.resolve("nowhere").toUri().toString())).isEmpty();
  }
}
