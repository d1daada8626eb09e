package io.tagstream.launcher.archive;

import io.tagstream.launcher.archive.ArchiveManifest.SliceFile;
import io.tagstream.schemas.ArchivedRecord;
import io.tagstream.schemas.RecordHeader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;

/** Writes one file of an archive; it has its name only once it is whole. */
final class ArchiveFileWriter implements Closeable {

  private static final int ZSTD_LEVEL = 3;

  private final Path folder;
  private final String name;
  private final Path draft;
  private final DataFileWriter<ArchivedRecord> records;
  private final long firstOffset;
  private long endOffset;
  private long count;
  private long firstAppendMillis = Long.MAX_VALUE;
  private long lastAppendMillis = Long.MIN_VALUE;

  /** A file for the records of a partition from an offset on. */
  ArchiveFileWriter(Path folder, String topic, int partition, long firstOffset) throws IOException {
    this.folder = folder;
    this.name = "%s/%d/%020d.avro".formatted(topic, partition, firstOffset);
    this.draft = folder.resolve(name + ".part");
    this.firstOffset = firstOffset;
    this.endOffset = firstOffset;
    Files.createDirectories(draft.getParent());
    records =
        new DataFileWriter<>(new SpecificDatumWriter<>(ArchivedRecord.class))
            .setCodec(CodecFactory.zstandardCodec(ZSTD_LEVEL))
            .create(ArchivedRecord.getClassSchema(), draft.toFile());
  }

  void write(ConsumerRecord<byte[], byte[]> record) throws IOException {
    List<RecordHeader> headers =
        Arrays.stream(record.headers().toArray())
            .map(header -> new RecordHeader(header.key(), Utils.wrapNullable(header.value())))
            .toList();
    ByteBuffer key = Utils.wrapNullable(record.key());
    ByteBuffer value = Utils.wrapNullable(record.value());
    records.append(new ArchivedRecord(record.offset(), record.timestamp(), key, value, headers));
    endOffset = record.offset() + 1;
    count++;
    firstAppendMillis = Math.min(firstAppendMillis, record.timestamp());
    lastAppendMillis = Math.max(lastAppendMillis, record.timestamp());
  }

  /** Ends the file and gives it its name. */
  SliceFile finish() throws IOException {
    records.close();
    Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    return new SliceFile(name, firstOffset, endOffset, count, firstAppendMillis, lastAppendMillis);
  }

  /** Gives up what was not finished. */
  @Override
  public void close() throws IOException {
    records.close();
    Files.deleteIfExists(draft);
  }
}
