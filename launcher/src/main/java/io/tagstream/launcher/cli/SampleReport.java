package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.replay.LogCursor;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecordBase;

/** Shows what became of the records of a sample. */
final class SampleReport {

  private final Terminal terminal;
  private final int show;
  private final Map<String, Integer> refused = new TreeMap<>();
  private int accepted;

  /**
   * A report.
   *
   * @param show how many records are shown that were accepted, and of each reason for refusal
   */
  SampleReport(Terminal terminal, int show) {
    this.terminal = terminal;
    this.show = show;
  }

  /** Reads, decodes, shows; gives the exit code. */
  int of(TagstreamConfig config, Topic topic, Path file) throws CommandFailure {
    int all = 0;
    try (LogCursor records = LogCursor.over(topic, List.of(file), config)) {
      for (InputRecord record = records.next(); record != null; record = records.next()) {
        all++;
        show(record);
      }
    } catch (IOException e) {
      throw new CommandFailure("--sample: " + file + " - cannot be read: " + e.getMessage(), e);
    }
    terminal.line("");
    terminal.line(accepted + " of " + all + " records become " + topic.defaultName());
    refused.forEach((reason, count) -> terminal.line("  " + count + " refused: " + reason));
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("records", all);
    summary.put("accepted", accepted);
    summary.put("refused", refused);
    terminal.object(Map.of("summary", summary));
    return refused.isEmpty() && all > 0 ? ExitCode.OK : ExitCode.FAILURE;
  }

  private void show(InputRecord record) {
    long number = record.getOrigin().getOffset() + 1;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("record", number);
    if (record.getBody() instanceof DeadLetter letter) {
      String reason = letter.getReason().name();
      if (refused.merge(reason, 1, Integer::sum) <= show) {
        terminal.line("record " + number + ": refused, " + reason + " - " + letter.getDetail());
        json.put("reason", reason);
        json.put("detail", letter.getDetail());
        terminal.object(json);
      }
    } else if (++accepted <= show) {
      SpecificRecordBase body = (SpecificRecordBase) record.getBody();
      terminal.line("record " + number + ": " + body);
      json.put("value", Terminal.tree(body));
      terminal.object(json);
    }
  }
}
