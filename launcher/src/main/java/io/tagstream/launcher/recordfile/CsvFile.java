package io.tagstream.launcher.recordfile;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tagstream.ingestion.decode.format.FormatsConfig;
import io.tagstream.ingestion.decode.format.RecordFormats;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** CSV with a header line: a row is a JSON object of texts, in which empty cells are left out. */
final class CsvFile implements RecordFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ValuePlaces places;
  private final CSVParser parser;
  private final Iterator<CSVRecord> rows;

  CsvFile(Path file, InputStream bytes, long changedMillis, boolean tabs) throws IOException {
    this.places = new ValuePlaces(file, changedMillis);
    CSVFormat format = tabs ? CSVFormat.TDF : CSVFormat.DEFAULT;
    this.parser =
        CSVParser.parse(
            new InputStreamReader(bytes, StandardCharsets.UTF_8),
            format.builder().setHeader().setSkipHeaderRecord(true).get());
    this.rows = parser.iterator();
  }

  @Override
  public @Nullable StoredRecord next() throws IOException {
    try {
      return rows.hasNext() ? places.put(object(rows.next())) : null;
    } catch (UncheckedIOException | IllegalStateException e) {
      throw places.damaged("CSV file", e);
    }
  }

  private static byte[] object(CSVRecord row) throws IOException {
    ObjectNode object = JSON.createObjectNode();
    row.toMap()
        .forEach(
            (column, cell) -> {
              if (!cell.isEmpty()) {
                object.put(column, cell);
              }
            });
    return JSON.writeValueAsBytes(object);
  }

  @Override
  public RecordFormats formats(Topic topic, FormatsConfig configured) {
    return JsonLinesFile.json(topic, configured);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
