package io.tagstream.launcher.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one run of the launcher: logs, the embedded broker's data, state. Named by process
 * id, so that folders of runs that were killed are recognised and removed by the next one.
 */
public final class RunFolder {

  /** System property: where run folders are made; the temporary folder when it is not set. */
  static final String HOME = "tagstream.home";

  private static final String PREFIX = "run-";

  private static @Nullable RunFolder current;

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /**
   * This process's folder, made on the first call.
   *
   * @throws IOException when it cannot be made
   */
  public static synchronized RunFolder current() throws IOException {
    RunFolder folder = current;
    if (folder == null) {
      String home = System.getProperty(HOME);
      Path parent =
          home == null ? Path.of(System.getProperty("java.io.tmpdir"), "tagstream") : Path.of(home);
      folder = create(parent, ProcessHandle.current().pid());
      current = folder;
    }
    return folder;
  }

  /** Makes a folder for a process and removes those of processes that are no more. */
  static RunFolder create(Path parent, long pid) throws IOException {
    Path path = parent.resolve(PREFIX + pid);
    Files.createDirectories(parent);
    for (Path stale : stale(parent)) {
      try {
        delete(stale);
      } catch (IOException e) {
        // The broker of a launcher that was killed may still be ending there: the next run sees.
      }
    }
    Files.createDirectories(path);
    return new RunFolder(path);
  }

  private static List<Path> stale(Path parent) throws IOException {
    try (Stream<Path> folders = Files.list(parent)) {
      return folders.filter(RunFolder::isStale).toList();
    }
  }

  private static boolean isStale(Path folder) {
    String name = String.valueOf(folder.getFileName());
    if (!name.matches(PREFIX + "\\d{1,18}")) {
      return false;
    }
    long pid = Long.parseLong(name.substring(PREFIX.length()));
    return ProcessHandle.of(pid).isEmpty();
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /**
   * Removes a folder and all in it.
   *
   * @throws IOException when something in it cannot be removed
   */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            // A process that is just ending may remove files under our hands.
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
