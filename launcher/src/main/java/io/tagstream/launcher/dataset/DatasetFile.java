package io.tagstream.launcher.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** One published table: a text file of separated values, plain or xz. */
public final class DatasetFile {

  /** Comma-separated with a header line. */
  public static final CSVFormat CSV =
      CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();

  private DatasetFile() {}

  /**
   * The files of a folder that match, by name. A file that is there plain and as xz counts once.
   *
   * @param dataset its name, for messages
   * @param name as published; may hold {@code *}
   * @throws IOException when the folder or the file is missing; the message names what was expected
   */
  public static List<Path> find(Path directory, String dataset, String name) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException(
          "data: " + directory + " - is no folder; name the folder of " + dataset);
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, name + "{,.xz}")) {
      files.forEach(found::add);
    }
    found.removeIf(file -> found.contains(plain(file)) && !plain(file).equals(file));
    if (found.isEmpty()) {
      throw new IOException(
          "data: %s - holds no %s or %s.xz; is it the folder of %s?"
              .formatted(directory, name, name, dataset));
    }
    found.sort(null);
    return found;
  }

  /**
   * Hands every row to the consumer.
   *
   * @param columns that the header must name
   * @throws IOException when a column is missing, the consumer finds a value that is none, or the
   *     file cannot be read; the message names the file and the place
   */
  public static void read(
      Path file, CSVFormat format, List<String> columns, Consumer<CSVRecord> rows)
      throws IOException {
    try (InputStream bytes = open(file);
        InputStreamReader text = new InputStreamReader(bytes, StandardCharsets.UTF_8);
        CSVParser parser = CSVParser.parse(text, format)) {
      for (String column : columns) {
        if (!parser.getHeaderMap().containsKey(column)) {
          throw new IOException(
              "data: %s - has no column '%s'; it has %s"
                  .formatted(file, column, parser.getHeaderNames()));
        }
      }
      for (CSVRecord row : parser) {
        accept(file, row, rows);
      }
    } catch (UncheckedIOException e) {
      throw new IOException("data: " + file + " - cannot be read: " + e.getMessage(), e);
    }
  }

  /** A number that is none, or a value that is missing, throws in the consumer. */
  private static void accept(Path file, CSVRecord row, Consumer<CSVRecord> rows)
      throws IOException {
    try {
      rows.accept(row);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "data: %s - row %d is not as published: %s"
              .formatted(file, row.getRecordNumber(), e.getMessage()),
          e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file));
    try {
      return file.toString().endsWith(".xz")
          ? XZCompressorInputStream.builder()
              .setInputStream(raw)
              .setDecompressConcatenated(true)
              .get()
          : raw;
    } catch (IOException e) {
      raw.close();
      throw new IOException("data: " + file + " - is no xz file: " + e.getMessage(), e);
    }
  }

  private static Path plain(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".xz")
        ? file.resolveSibling(name.substring(0, name.length() - ".xz".length()))
        : file;
  }
}
