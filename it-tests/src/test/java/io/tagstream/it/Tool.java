package io.tagstream.it;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Programs that tests call and Java does not bring. */
public final class Tool {

  private Tool() {}

  /**
   * Where a program is. Without it the test is aborted, and in continuous integration, where the
   * environment variable {@code CI} is set, it fails.
   *
   * @param name of the program
   * @param debianPackage that holds it
   */
  public static Path required(String name, String debianPackage) {
    return find(name, System.getenv("PATH"))
        .orElseGet(() -> missing(name, debianPackage, System.getenv("CI") != null));
  }

  static Optional<Path> find(String name, String path) {
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Path missing(String name, String debianPackage, boolean mustBeThere) {
    String message =
        name + " is not on the PATH; Debian and Ubuntu have it in the package " + debianPackage;
    return mustBeThere ? fail(message) : abort(message);
  }
}
