package io.tagstream.launcher.recordfile;

import io.tagstream.ingestion.decode.format.FormatsConfig;
import io.tagstream.ingestion.decode.format.RecordFormats;
import io.tagstream.ingestion.decode.format.TopicFormat;
import io.tagstream.ingestion.decode.format.TopicFormat.Encoding;
import io.tagstream.schemas.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One JSON object per line; blank lines are none. */
final class JsonLinesFile implements RecordFile {

  private final ValuePlaces places;
  private final BufferedReader lines;

  JsonLinesFile(Path file, InputStream bytes, long changedMillis) {
    this.places = new ValuePlaces(file, changedMillis);
    // One byte is one char of Latin-1: a line, whatever it holds, comes out as it went in.
    this.lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.ISO_8859_1));
  }

  @Override
  public @Nullable StoredRecord next() throws IOException {
    try {
      String line = lines.readLine();
      while (line != null && line.isBlank()) {
        line = lines.readLine();
      }
      return line == null ? null : places.put(line.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw places.damaged("text file", e);
    }
  }

  @Override
  public RecordFormats formats(Topic topic, FormatsConfig configured) {
    return json(topic, configured);
  }

  /** JSON with the topic's mapping, whatever the topic itself holds. */
  static RecordFormats json(Topic topic, FormatsConfig configured) {
    TopicFormat format = new TopicFormat(Encoding.JSON, configured.of(topic).mapping());
    return new RecordFormats(new FormatsConfig(Map.of(topic, format), configured.registry()));
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
