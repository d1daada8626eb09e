package io.tagstream.it;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Commands of the machine that tests need and the build does not bring. */
final class Tool {

  private Tool() {}

  /**
   * Finds a command on the {@code PATH}. Without it a test is aborted, and fails where {@code CI}
   * is set: what nobody runs is not tested.
   *
   * @param debianPackage that has the command
   */
  static Path required(String command, String debianPackage) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path file = Path.of(folder, command);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    String message = "no %s on the PATH (Debian: apt install %s)".formatted(command, debianPackage);
    if (System.getenv("CI") != null) {
      throw new AssertionError(message);
    }
    return abort(message);
  }
}
