package io.tagstream.launcher.archive;

import io.tagstream.ingestion.decode.format.FormatsConfig;
import io.tagstream.ingestion.decode.format.RecordFormats;
import io.tagstream.launcher.recordfile.RecordFile;
import io.tagstream.launcher.recordfile.StoredRecord;
import io.tagstream.schemas.ArchivedRecord;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Reads a file of an archive. */
public final class ArchiveFile implements RecordFile {

  private final Path file;
  private final DataFileReader<ArchivedRecord> records;

  /**
   * Opens a file.
   *
   * @throws IOException when it is none; the message names it
   */
  public ArchiveFile(Path file) throws IOException {
    this.file = file;
    try {
      this.records =
          new DataFileReader<>(file.toFile(), new SpecificDatumReader<>(ArchivedRecord.class));
    } catch (IOException | AvroRuntimeException e) {
      throw damaged(e);
    }
  }

  @Override
  public @Nullable StoredRecord next() throws IOException {
    try {
      if (!records.hasNext()) {
        return null;
      }
      ArchivedRecord record = records.next();
      return new StoredRecord(
          record.getOffset(),
          record.getAppendTimeMillis(),
          Utils.toNullableArray(record.getKey()),
          Utils.toNullableArray(record.getValue()),
          record.getHeaders());
    } catch (AvroRuntimeException e) {
      throw damaged(e);
    }
  }

  private IOException damaged(Exception cause) {
    return new IOException(file + " - is no file of an archive, or damaged: " + cause, cause);
  }

  /** As on the topic: the bytes are untouched. */
  @Override
  public RecordFormats formats(Topic topic, FormatsConfig configured) {
    return new RecordFormats(configured);
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
