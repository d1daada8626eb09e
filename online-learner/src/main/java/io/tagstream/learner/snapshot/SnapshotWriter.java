package io.tagstream.learner.snapshot;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes snapshots: into a hidden folder first, forced to disk, then renamed in one step. So a
 * folder that has a snapshot's name is whole, whatever was killed when.
 */
public final class SnapshotWriter {

  private final Path directory;

  /** A writer into this directory, which is created when it does not exist. */
  public SnapshotWriter(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes one snapshot.
   *
   * @param version name of the snapshot's folder, unique per training history
   * @param manifest without the file's digest, which is filled in
   * @param tensors the model
   * @return the snapshot's folder. When one of this name exists, its place is taken: a step
   *     repeated after a restore replaces the one that no checkpoint knows
   */
  public Path write(String version, SnapshotManifest manifest, List<Tensor> tensors)
      throws IOException {
    Files.createDirectories(directory);
    Path hidden = directory.resolve("." + version + "." + UUID.randomUUID());
    Path target = directory.resolve(version);
    Files.createDirectory(hidden);
    try {
      String fileDigest =
          SafetensorsWriter.write(
              hidden.resolve(SnapshotManifest.TENSORS),
              Map.of("model", manifest.model(), "step", Long.toString(manifest.step())),
              tensors);
      SnapshotManifest whole =
          new SnapshotManifest(
              manifest.model(),
              manifest.step(),
              manifest.eventTimeMillis(),
              manifest.tasks(),
              manifest.digest(),
              fileDigest);
      try (DurableOutput out = new DurableOutput(hidden.resolve(SnapshotManifest.FILE))) {
        out.write(whole.toJson());
      }
      DurableOutput.forceFolder(hidden);
      move(hidden, target);
      DurableOutput.forceFolder(directory);
      return target;
    } catch (IOException | RuntimeException e) {
      delete(hidden);
      throw e;
    }
  }

  private static void move(Path from, Path to) throws IOException {
    delete(to);
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(
          "snapshots.directory: " + to.getParent() + " - its file system cannot rename in one step",
          e);
    }
  }

  /** Removes a snapshot's folder; nothing happens when there is none. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
