package io.tagstream.launcher.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * What an archive holds: of every partition the offsets from start to end, in files that follow
 * each other. Written as {@value #FILE}.
 *
 * @param version of this layout
 * @param partitions each partition of each topic, once
 */
public record ArchiveManifest(int version, List<Partition> partitions) {

  /** Name of the file in the archive's folder. */
  public static final String FILE = "manifest.json";

  static final int VERSION = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * One partition of a topic.
   *
   * @param topic default name of the topic, whatever its name in the deployment
   * @param partition number
   * @param startOffset of the first record that could be exported
   * @param endOffset where to go on reading after the archive
   * @param files in the order of offsets
   */
  public record Partition(
      String topic, int partition, long startOffset, long endOffset, List<SliceFile> files) {

    public Partition {
      files = List.copyOf(files);
    }

    /** How many records its files hold. */
    public long records() {
      return files.stream().mapToLong(SliceFile::records).sum();
    }
  }

  /**
   * One file: records of one partition and one slice of append time.
   *
   * @param name path in the archive's folder
   * @param firstOffset of its first record
   * @param endOffset after its last record
   * @param records how many it holds; fewer than offsets where a topic is compacted
   * @param firstAppendTimeMillis of its records, milliseconds since the epoch
   * @param lastAppendTimeMillis of its records, milliseconds since the epoch
   */
  public record SliceFile(
      String name,
      long firstOffset,
      long endOffset,
      long records,
      long firstAppendTimeMillis,
      long lastAppendTimeMillis) {}

  public ArchiveManifest {
    partitions = List.copyOf(partitions);
  }

  /** The manifest of a folder; an empty one where there is none. */
  static ArchiveManifest readOrEmpty(Path folder) throws IOException {
    return Files.exists(folder.resolve(FILE))
        ? read(folder)
        : new ArchiveManifest(VERSION, List.of());
  }

  /**
   * Reads the manifest of an archive.
   *
   * @throws IOException when there is none, or none this release can read
   */
  public static ArchiveManifest read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    ArchiveManifest manifest;
    try {
      manifest = JSON.readValue(file.toFile(), ArchiveManifest.class);
    } catch (JsonProcessingException e) {
      throw new IOException(file + " - is no manifest: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      String why = Files.exists(file) ? e.getMessage() : "there is no archive; `export` makes one";
      throw new IOException(file + " - cannot be read: " + why, e);
    }
    if (manifest.version != VERSION) {
      throw new IOException(
          file + " - has version " + manifest.version + "; this release reads " + VERSION);
    }
    for (Partition partition : manifest.partitions) {
      for (SliceFile slice : partition.files) {
        if (!Files.exists(folder.resolve(slice.name))) {
          throw new NoSuchFileException(folder.resolve(slice.name) + " - is named by " + file);
        }
      }
    }
    return manifest;
  }

  /** Replaces the manifest of a folder; at no time is it half written. */
  void write(Path folder) throws IOException {
    Path draft = folder.resolve(FILE + ".part");
    JSON.writeValue(draft.toFile(), this);
    Files.move(draft, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  /** What it holds of a topic. */
  public List<Partition> of(Topic topic) {
    return partitions.stream().filter(each -> each.topic.equals(topic.defaultName())).toList();
  }

  /** What it holds of one partition; empty when it does not know it. */
  public Optional<Partition> partition(Topic topic, int partition) {
    return of(topic).stream().filter(each -> each.partition == partition).findFirst();
  }

  /** How many records the archive holds. */
  public long records() {
    return partitions.stream().mapToLong(Partition::records).sum();
  }
}
