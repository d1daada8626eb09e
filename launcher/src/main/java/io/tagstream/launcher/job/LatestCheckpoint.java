package io.tagstream.launcher.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * The newest complete checkpoint or savepoint of a job's folder: {@code JOB/chk-N} and {@code
 * savepoint-…}, complete where their metadata has been written, which Flink does last.
 */
public final class LatestCheckpoint {

  private static final String METADATA = "_metadata";
  private static final String CHECKPOINT = "chk-";
  private static final String SAVEPOINT = "savepoint-";

  private LatestCheckpoint() {}

  /** A complete one, and when it became so. */
  private record Complete(Path path, long millis) {}

  /**
   * Where it is.
   *
   * @param directory URI of the folder of one job's checkpoints, on any file system that Flink
   *     knows
   * @return its URI; empty where the folder holds none, or is not there
   * @throws IOException when the folder cannot be read
   */
  public static Optional<String> in(String directory) throws IOException {
    Path folder = new Path(directory);
    FileSystem files = folder.getFileSystem();
    List<Complete> complete = new ArrayList<>();
    for (Path inside : folders(files, folder)) {
      if (inside.getName().startsWith(SAVEPOINT)) {
        addIfComplete(files, inside, complete);
      } else {
        for (Path ofJob : folders(files, inside)) {
          if (ofJob.getName().startsWith(CHECKPOINT)) {
            addIfComplete(files, ofJob, complete);
          }
        }
      }
    }
    return complete.stream()
        .max(Comparator.comparingLong(Complete::millis))
        .map(newest -> newest.path().toUri().toString());
  }

  /** Whether it is one that Flink took by itself, and not a savepoint that somebody asked for. */
  public static boolean isCheckpoint(String uri) {
    return new Path(uri).getName().startsWith(CHECKPOINT);
  }

  private static List<Path> folders(FileSystem files, Path folder) throws IOException {
    List<Path> folders = new ArrayList<>();
    if (files.exists(folder)) {
      for (FileStatus status : files.listStatus(folder)) {
        if (status.isDir()) {
          folders.add(status.getPath());
        }
      }
    }
    return folders;
  }

  private static void addIfComplete(FileSystem files, Path folder, List<Complete> complete)
      throws IOException {
    Path metadata = new Path(folder, METADATA);
    if (files.exists(metadata)) {
      complete.add(new Complete(folder, files.getFileStatus(metadata).getModificationTime()));
    }
  }
}
