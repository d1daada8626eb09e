package io.tagstream.launcher.archive;

import io.tagstream.launcher.archive.ArchiveManifest.Partition;
import io.tagstream.launcher.archive.ArchiveManifest.SliceFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The export of one partition: cuts its records into files. */
final class PartitionExport implements Closeable {

  private final Path folder;
  private final long sliceMillis;
  private final Partition before;
  private final long targetOffset;
  private final List<SliceFile> files;
  private long endOffset;
  private long slice = Long.MIN_VALUE;
  private @Nullable ArchiveFileWriter writer;

  /**
   * An export.
   *
   * @param before what the archive holds of the partition
   * @param targetOffset where the partition ends
   */
  PartitionExport(Path folder, long sliceMillis, Partition before, long targetOffset) {
    this.folder = folder;
    this.sliceMillis = sliceMillis;
    this.before = before;
    this.targetOffset = targetOffset;
    this.files = new ArrayList<>(before.files());
    this.endOffset = before.endOffset();
  }

  /** How many offsets there are to export. */
  long offsets() {
    return targetOffset - before.endOffset();
  }

  /** How many of them are done when the consumer is at this position. */
  long offsetsDone(long position) {
    return Math.min(position, targetOffset) - before.endOffset();
  }

  /**
   * Takes the next record; one behind the target is none of this export.
   *
   * @return whether a file was finished: the manifest should be written
   */
  boolean write(ConsumerRecord<byte[], byte[]> record) throws IOException {
    if (record.offset() >= targetOffset) {
      return false;
    }
    // Where clients stamp records, their times may go back; a slice does not.
    long next = Math.max(slice, Math.floorDiv(record.timestamp(), sliceMillis));
    boolean finished = next > slice && finishFile();
    slice = next;
    if (writer == null) {
      writer = new ArchiveFileWriter(folder, before.topic(), before.partition(), record.offset());
    }
    writer.write(record);
    return finished;
  }

  /** Ends the file at hand; false when there is none. */
  boolean finishFile() throws IOException {
    if (writer == null) {
      return false;
    }
    SliceFile file = writer.finish();
    writer = null;
    files.add(file);
    endOffset = file.endOffset();
    return true;
  }

  /** Everything was read: offsets without a record, such as transaction markers, included. */
  void complete() {
    endOffset = targetOffset;
  }

  /** What the archive holds of the partition now. */
  Partition partition() {
    return new Partition(
        before.topic(), before.partition(), before.startOffset(), endOffset, files);
  }

  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }
}
