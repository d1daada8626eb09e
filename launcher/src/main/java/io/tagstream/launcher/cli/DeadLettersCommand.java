package io.tagstream.launcher.cli;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.deadletters.DeadLetterTopic;
import io.tagstream.launcher.deadletters.LetterPlace;
import io.tagstream.launcher.deadletters.Resubmitter;
import io.tagstream.launcher.deadletters.StoredLetter;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.DeadLetterReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tagstream dead-letters}: what was refused and why, and a second chance. */
@Command(
    name = "dead-letters",
    description = {
      "Lists refused records, counts them by reason, shows one, or sends them again after a fix.",
      "A record that is sent again is judged anew, by the time it comes: an event whose label"
          + " window has closed meanwhile is late."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:no such letter, or Kafka does not answer",
      "2:wrong configuration or usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream dead-letters count --config tagstream.yaml",
      "  tagstream dead-letters list --reason UNMAPPABLE --limit 5",
      "  tagstream dead-letters show --at 0:1234",
      "  tagstream dead-letters resubmit --reason UNMAPPABLE --dry-run"
    })
final class DeadLettersCommand implements Callable<Integer> {

  /** What to do. */
  enum Action {
    LIST,
    COUNT,
    SHOW,
    RESUBMIT
  }

  @ParentCommand private Tagstream root;
  @Mixin private ConfigFile config;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      defaultValue = "count",
      paramLabel = "list|count|show|resubmit",
      description = "What to do (default: ${DEFAULT-VALUE}).")
  private Action action;

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description = "Only letters with this reason; may be given several times.")
  private List<DeadLetterReason> reasons = new ArrayList<>();

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "Only records that came from this topic.")
  private @Nullable String topic;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only letters written since then, such as 2026-01-31T12:00:00Z.")
  private @Nullable Instant since;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "With list: how many are shown (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--at",
      paramLabel = "PARTITION:OFFSET",
      description = "With show: which letter, as list names it.")
  private @Nullable LetterPlace at;

  @Option(
      names = "--again",
      description = "With resubmit: also records that were sent again before.")
  private boolean again;

  @Option(names = "--dry-run", description = "With resubmit: counts, and sends nothing.")
  private boolean dryRun;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  DeadLettersCommand() {}

  @Override
  public Integer call() throws Exception {
    if (action == Action.SHOW && at == null) {
      throw new ParameterException(
          spec.commandLine(), "--at: show needs a letter's PARTITION:OFFSET, as list names it");
    }
    TagstreamConfig loaded = config.load();
    try (DeadLetterTopic letters = new DeadLetterTopic(loaded)) {
      switch (action) {
        case LIST -> list(letters);
        case COUNT -> count(letters);
        case SHOW -> show(letters, Objects.requireNonNull(at));
        case RESUBMIT -> resubmit(letters, loaded);
      }
      return ExitCode.OK;
    } catch (KafkaException e) {
      throw CommandFailure.ofKafka(loaded, e);
    }
  }

  private boolean wanted(StoredLetter stored) {
    DeadLetter letter = stored.letter();
    return (reasons.isEmpty() || reasons.contains(letter.getReason()))
        && (topic == null || topic.equals(letter.getTopic()))
        && (since == null || stored.appendTimeMillis() >= since.toEpochMilli());
  }

  private void list(DeadLetterTopic letters) {
    Terminal terminal = root.terminal();
    int[] shown = {0};
    letters.read(
        stored -> {
          if (wanted(stored)) {
            DeadLetter letter = stored.letter();
            terminal.line(
                String.format(
                    Locale.ROOT,
                    "%-10s %s  %-24s %s-%d@%d  %s",
                    stored.place(),
                    Instant.ofEpochMilli(stored.appendTimeMillis()),
                    letter.getReason(),
                    letter.getTopic(),
                    letter.getPartition(),
                    letter.getOffset(),
                    letter.getDetail()));
            terminal.object(json(stored, false));
            shown[0]++;
          }
          return shown[0] < limit;
        });
    if (shown[0] == 0) {
      terminal.line("no dead letters");
    }
  }

  private void count(DeadLetterTopic letters) {
    Map<String, Map<String, Integer>> byReason = new TreeMap<>();
    int[] all = {0};
    letters.read(
        stored -> {
          if (wanted(stored)) {
            all[0]++;
            byReason
                .computeIfAbsent(stored.letter().getReason().name(), reason -> new TreeMap<>())
                .merge(stored.letter().getTopic(), 1, Integer::sum);
          }
          return true;
        });
    Terminal terminal = root.terminal();
    byReason.forEach(
        (reason, byTopic) -> {
          int sum = byTopic.values().stream().mapToInt(Integer::intValue).sum();
          terminal.line(String.format(Locale.ROOT, "%8d  %-24s %s", sum, reason, byTopic));
        });
    terminal.line(String.format(Locale.ROOT, "%8d  in all", all[0]));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("deadLetters", all[0]);
    json.put("byReason", byReason);
    terminal.object(json);
  }

  private void show(DeadLetterTopic letters, LetterPlace place) throws CommandFailure {
    StoredLetter found =
        letters
            .at(place)
            .orElseThrow(
                () -> new CommandFailure("--at: " + place + " - is no dead letter; see list"));
    Terminal terminal = root.terminal();
    Map<String, Object> json = json(found, true);
    json.forEach((name, value) -> terminal.line(String.format("%-18s %s", name, value)));
    terminal.object(json);
  }

  private void resubmit(DeadLetterTopic letters, TagstreamConfig loaded) {
    Map<String, Integer> sent = new TreeMap<>();
    int[] left = {0, 0};
    try (Resubmitter resubmitter = new Resubmitter(loaded)) {
      letters.read(
          stored -> {
            String to = stored.letter().getTopic();
            if (!wanted(stored)) {
              return true;
            }
            if (!loaded.ingestion().topics().containsKey(to)) {
              left[0]++;
            } else if (stored.wasResubmitted() && !again) {
              left[1]++;
            } else {
              sent.merge(to, 1, Integer::sum);
              if (!dryRun) {
                resubmitter.send(stored);
              }
            }
            return true;
          });
      resubmitter.flush();
    }
    Terminal terminal = root.terminal();
    sent.forEach(
        (to, count) -> terminal.line(count + (dryRun ? " would be sent to " : " sent to ") + to));
    if (left[0] > 0) {
      terminal.line(left[0] + " left alone: their topic is not read by this configuration");
    }
    if (left[1] > 0) {
      terminal.line(left[1] + " left alone: refused after they were sent again; see --again");
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("dryRun", dryRun);
    json.put("sent", sent);
    json.put("unknownTopic", left[0]);
    json.put("sentBefore", left[1]);
    terminal.object(json);
  }

  private static Map<String, Object> json(StoredLetter stored, boolean whole) {
    DeadLetter letter = stored.letter();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("at", stored.place().toString());
    json.put("refused", Instant.ofEpochMilli(stored.appendTimeMillis()).toString());
    json.put("reason", letter.getReason().name());
    json.put("detail", letter.getDetail());
    json.put("topic", letter.getTopic());
    json.put("partition", letter.getPartition());
    json.put("offset", letter.getOffset());
    json.put("appended", Instant.ofEpochMilli(letter.getAppendTimeMillis()).toString());
    json.put("resubmitted", stored.wasResubmitted());
    if (whole) {
      json.put("key", text(letter.getKey()));
      json.put("value", text(letter.getValue()));
      json.put("valueBase64", base64(letter.getValue()));
      Map<String, Object> headers = new LinkedHashMap<>();
      letter.getHeaders().forEach(h -> headers.put(h.getName(), text(h.getValue())));
      json.put("headers", headers);
    }
    return json;
  }

  private static @Nullable String text(@Nullable ByteBuffer bytes) {
    return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  private static @Nullable String base64(@Nullable ByteBuffer bytes) {
    byte[] array = Utils.toNullableArray(bytes);
    return array == null ? null : Base64.getEncoder().encodeToString(array);
  }
}
