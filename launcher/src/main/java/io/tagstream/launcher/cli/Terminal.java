package io.tagstream.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Where a command writes: results to standard output, progress and complaints to standard error, so
 * that {@code --json} output stays clean for scripts.
 */
public final class Terminal {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean json;
  private int liveLines;

  /**
   * A terminal.
   *
   * @param json whether results are JSON, one object per line
   */
  public Terminal(PrintWriter out, PrintWriter err, boolean json) {
    this.out = out;
    this.err = err;
    this.json = json;
  }

  /** Whether results are JSON. */
  public boolean isJson() {
    return json;
  }

  /** A line for people; nothing with {@code --json}. */
  public void line(String text) {
    if (!json) {
      out.println(text);
      out.flush();
    }
  }

  /** A line of JSON; nothing without {@code --json}. */
  public void object(Object value) {
    if (json) {
      try {
        out.println(JSON.writeValueAsString(value));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("cannot be written as JSON: " + value, e);
      }
      out.flush();
    }
  }

  /**
   * A block of lines that stands where the last one stood, on a terminal; one below the other
   * elsewhere. Nothing with {@code --json}.
   */
  @SuppressWarnings("SystemConsoleNull") // Java 17: null where output goes to a file or pipe
  public void live(List<String> lines) {
    if (json) {
      return;
    }
    if (System.console() != null && liveLines > 0) {
      out.print("\u001b[" + liveLines + "A\u001b[J");
    }
    liveLines = lines.size();
    lines.forEach(out::println);
    out.flush();
  }

  /** What is going on, on standard error. */
  public void progress(String text) {
    err.println(text);
    err.flush();
  }

  /** An Avro record as JSON, without union wrappers. */
  public static JsonNode tree(SpecificRecordBase record) {
    try {
      return JSON.readTree(record.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Avro wrote no JSON: " + record, e);
    }
  }
}
