package io.tagstream.launcher.replay;

import io.tagstream.schemas.Topic;
import java.io.Serializable;
import java.util.List;

/**
 * One partition of a topic as files that are read one after the other.
 *
 * @param topic what the records are
 * @param partition number; the user's own files of a topic are one partition
 * @param files in the order of offsets
 */
public record PartitionLog(Topic topic, int partition, List<LogFile> files)
    implements Serializable {

  public PartitionLog {
    files = List.copyOf(files);
  }

  /**
   * One file.
   *
   * @param path where it lies
   * @param archived whether it is a file of an archive, whose records know their offsets
   * @param firstOffset of its first record
   * @param endOffset above that of its last record
   */
  public record LogFile(String path, boolean archived, long firstOffset, long endOffset)
      implements Serializable {}

  /** Name of the partition, unique in a replay. */
  String name() {
    return topic.defaultName() + "-" + partition;
  }

  /** The same without the files that end before an offset. */
  PartitionLog from(long offset) {
    return new PartitionLog(
        topic, partition, files.stream().filter(file -> file.endOffset() > offset).toList());
  }
}
