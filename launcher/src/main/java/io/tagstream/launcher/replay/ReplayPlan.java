package io.tagstream.launcher.replay;

import io.tagstream.launcher.archive.ArchiveManifest;
import io.tagstream.launcher.archive.ArchiveManifest.SliceFile;
import io.tagstream.launcher.replay.LogRange.Offsets;
import io.tagstream.launcher.replay.LogRange.Partition;
import io.tagstream.launcher.replay.PartitionLog.LogFile;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is replayed.
 *
 * @param partitions the files
 * @param range records outside are left out
 * @param records how many there are in the files; −1 when nobody has counted them
 */
public record ReplayPlan(List<PartitionLog> partitions, LogRange range, long records)
    implements Serializable {

  /** Room for the records of one file between those of its neighbours. */
  private static final int FILE_SHIFT = 40;

  public ReplayPlan {
    partitions = List.copyOf(partitions);
  }

  /**
   * The records of an archive that are in a range.
   *
   * @throws IOException when there is no archive, or it does not hold the range's offsets
   */
  public static ReplayPlan ofArchive(Path folder, LogRange range) throws IOException {
    ArchiveManifest manifest = ArchiveManifest.read(folder);
    List<PartitionLog> partitions = new ArrayList<>();
    Set<Partition> missing = new HashSet<>(range.offsets().keySet());
    long records = 0;
    for (Topic topic : Topic.inputs()) {
      for (ArchiveManifest.Partition partition : manifest.of(topic)) {
        Partition place = new Partition(topic, partition.partition());
        Offsets offsets = range.offsets(topic, partition.partition());
        offsets.requireWithin(place, "the archive", partition.startOffset(), partition.endOffset());
        missing.remove(place);
        List<LogFile> files = new ArrayList<>();
        for (SliceFile file : partition.files()) {
          if (range.overlaps(
              topic,
              offsets,
              file.firstAppendTimeMillis(),
              file.lastAppendTimeMillis(),
              file.firstOffset(),
              file.endOffset())) {
            records += file.records();
            files.add(
                new LogFile(
                    folder.resolve(file.name()).toString(),
                    true,
                    file.firstOffset(),
                    file.endOffset()));
          }
        }
        partitions.add(new PartitionLog(topic, partition.partition(), files));
      }
    }
    if (!missing.isEmpty()) {
      throw new IOException(missing.iterator().next() + ": is not in the archive");
    }
    return new ReplayPlan(partitions, range, records);
  }

  /** The user's own files; each topic's in the order given. */
  public static ReplayPlan ofFiles(Map<Topic, List<Path>> files) {
    List<PartitionLog> partitions = new ArrayList<>();
    files.forEach(
        (topic, paths) -> {
          List<LogFile> logs = new ArrayList<>();
          for (Path path : paths) {
            long first = (long) logs.size() << FILE_SHIFT;
            logs.add(new LogFile(path.toString(), false, first, first + (1L << FILE_SHIFT)));
          }
          partitions.add(new PartitionLog(topic, 0, logs));
        });
    return new ReplayPlan(partitions, LogRange.ALL, -1);
  }

  /** The part of it that is about some of the topics. */
  public ReplayPlan of(Predicate<Topic> wanted) {
    return new ReplayPlan(
        partitions.stream().filter(each -> wanted.test(each.topic())).toList(), range, records);
  }
}
