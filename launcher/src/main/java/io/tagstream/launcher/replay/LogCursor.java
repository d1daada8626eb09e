package io.tagstream.launcher.replay;

import io.tagstream.ingestion.decode.RecordDecoder;
import io.tagstream.launcher.archive.ArchiveFile;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.recordfile.RecordFile;
import io.tagstream.launcher.recordfile.StoredRecord;
import io.tagstream.launcher.replay.PartitionLog.LogFile;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Topic;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Walks through a partition's records from an offset on. Not thread-safe. */
public final class LogCursor implements Closeable {

  private final PartitionLog log;
  private final LogRange range;
  private final LogRange.Offsets offsets;
  private final RecordDecoding decoding;
  private final String topicName;
  private long nextOffset;
  private int nextFile;
  private @Nullable OpenFile open;

  private record OpenFile(LogFile file, RecordFile records, RecordDecoder decoder) {

    long offset(StoredRecord record) {
      return file.archived() ? record.number() : file.firstOffset() + record.number();
    }
  }

  /** A cursor before the first record at or behind an offset. */
  LogCursor(PartitionLog log, long nextOffset, LogRange range, RecordDecoding decoding) {
    this.log = log;
    this.nextOffset = nextOffset;
    this.range = range;
    this.offsets = range.offsets(log.topic(), log.partition());
    this.decoding = decoding;
    this.topicName = decoding.name(log.topic());
  }

  /** A cursor over a topic's records in files of the user's own. */
  public static LogCursor over(Topic topic, List<Path> files, TagstreamConfig config) {
    PartitionLog log = ReplayPlan.ofFiles(Map.of(topic, files)).partitions().get(0);
    return new LogCursor(log, 0, LogRange.ALL, RecordDecoding.of(config));
  }

  /**
   * The next record, decoded, or the dead letter it becomes; null at the end.
   *
   * @throws IOException when a file cannot be read; the message names it
   */
  public @Nullable InputRecord next() throws IOException {
    while (true) {
      OpenFile from = open == null ? openNext() : open;
      if (from == null) {
        return null;
      }
      StoredRecord record = from.records.next();
      if (record == null) {
        close();
      } else if (from.offset(record) >= nextOffset) {
        nextOffset = from.offset(record) + 1;
        if (range.contains(log.topic(), offsets, from.offset(record), record.appendTimeMillis())) {
          return from.decoder.decode(
              topicName,
              log.partition(),
              from.offset(record),
              record.appendTimeMillis(),
              record.key(),
              record.value(),
              record.headers());
        }
      }
    }
  }

  /** The offset to go on from, behind what {@link #next} gave last. */
  long nextOffset() {
    return nextOffset;
  }

  private @Nullable OpenFile openNext() throws IOException {
    while (nextFile < log.files().size()) {
      LogFile file = log.files().get(nextFile++);
      if (file.endOffset() > nextOffset) {
        Path path = Path.of(file.path());
        RecordFile records = file.archived() ? new ArchiveFile(path) : RecordFile.open(path);
        open = new OpenFile(file, records, decoding.decoder(records, log.topic()));
        return open;
      }
    }
    return null;
  }

  /** Closes the file at hand. */
  @Override
  public void close() throws IOException {
    if (open != null) {
      open.records.close();
      open = null;
    }
  }
}
