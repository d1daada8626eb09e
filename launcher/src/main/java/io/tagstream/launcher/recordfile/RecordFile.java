package io.tagstream.launcher.recordfile;

import io.tagstream.ingestion.decode.format.FormatsConfig;
import io.tagstream.ingestion.decode.format.RecordFormats;
import io.tagstream.schemas.Topic;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.apache.avro.file.DataFileConstants;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.jspecify.annotations.Nullable;

/** A file of records, read once from its beginning to its end. Not thread-safe. */
public interface RecordFile extends Closeable {

  /**
   * The next record; null at the end.
   *
   * @throws IOException when the file is damaged; the message names the file and the place
   */
  @Nullable StoredRecord next() throws IOException;

  /**
   * How the file's values are decoded.
   *
   * @param topic what they are
   * @param configured the formats and mappings of the topics
   */
  RecordFormats formats(Topic topic, FormatsConfig configured);

  /**
   * Opens a file, plain or compressed (gzip, xz, bzip2, zstd): an Avro container by its first
   * bytes, CSV with a header line by its name, {@code .csv} or {@code .tsv}; anything else holds a
   * JSON object per line.
   *
   * @throws IOException when it cannot be read; the message names it
   */
  static RecordFile open(Path file) throws IOException {
    long changedMillis = Files.getLastModifiedTime(file).toMillis();
    InputStream bytes = decompressed(file);
    try {
      if (begins(bytes, "PAR1".getBytes(StandardCharsets.US_ASCII))) {
        throw new IOException(
            file
                + " - is a Parquet file, and those are not read: make CSV or JSON lines of it, for"
                + " example with DuckDB: COPY (FROM 'in.parquet') TO 'out.csv.gz'");
      }
      if (begins(bytes, DataFileConstants.MAGIC)) {
        return new AvroFile(file, bytes, changedMillis);
      }
      String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
      if (name.matches(".*\\.[ct]sv(\\.\\w+)?")) {
        return new CsvFile(file, bytes, changedMillis, name.contains(".tsv"));
      }
      return new JsonLinesFile(file, bytes, changedMillis);
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  /** Whether the stream goes on with these bytes; it stays where it is. */
  private static boolean begins(InputStream bytes, byte[] magic) throws IOException {
    bytes.mark(magic.length);
    byte[] first = bytes.readNBytes(magic.length);
    bytes.reset();
    return Arrays.equals(first, magic);
  }

  private static InputStream decompressed(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file));
    try {
      String compression = CompressorStreamFactory.detect(raw);
      return new BufferedInputStream(
          new CompressorStreamFactory(true).createCompressorInputStream(compression, raw));
    } catch (CompressorException e) {
      return raw; // none that is known: plain
    }
  }
}
