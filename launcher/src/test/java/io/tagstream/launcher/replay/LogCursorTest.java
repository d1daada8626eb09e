package io.tagstream.launcher.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.replay.PartitionLog.LogFile;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.InputRecord;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a log is cut and resumed, each record comes once and in its order. */
class LogCursorTest {

  private static final long SEED = 11;
  private static final long HOUR = 3_600_000;

  @TempDir private Path folder;
  private final List<Long> times = new ArrayList<>();
  private ReplayPlan plan;

  /** Seven files of clicks; each a little out of order, as a topic's partition is. */
  @BeforeEach
  void writeFiles() throws IOException {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    List<Path> files = new ArrayList<>();
    long time = 1_700_000_000_000L;
    for (int file = 0; file < 7; file++) {
      StringBuilder lines = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        time += random.nextInt(1_000);
        times.add(time);
        lines.append(
            "{\"userId\":\"u\",\"impressionId\":\"r%d\",\"eventTimeMillis\":%d}%n"
                .formatted(times.size(), time));
      }
      files.add(Files.writeString(folder.resolve(file + ".jsonl"), lines));
    }
    plan = ReplayPlan.ofFiles(Map.of(Topic.CLICKS, files));
  }

  @Test
  void resumedAnywhereItGoesOnThere() throws Exception {
    PartitionLog log = plan.partitions().get(0);
    for (int stop = 0; stop <= times.size(); stop++) {
      List<Long> read = new ArrayList<>();
      LogSplit.Progress progress = new LogSplit.Progress(LogSplit.of(log));
      try (LogCursor cursor = cursor(progress.split())) {
        for (int i = 0; i < stop; i++) {
          read.add(time(cursor.next()));
          progress.read(cursor.nextOffset());
        }
      }
      LogSplitSerializer serializer = new LogSplitSerializer();
      LogSplit restored = serializer.deserialize(1, serializer.serialize(progress.split()));
      try (LogCursor cursor = cursor(restored)) {
        for (InputRecord next = cursor.next(); next != null; next = cursor.next()) {
          read.add(time(next));
        }
      }
      assertThat(read).as("stopped after %d", stop).isEqualTo(times);
    }
  }

  @Test
  void partitionsAreReadTogetherInTimeAndEndTogether() throws Exception {
    Path early = Files.writeString(folder.resolve("early"), stay(times.get(0) - HOUR));
    Path late = Files.writeString(folder.resolve("late"), stay(times.get(times.size() - 1) + HOUR));
    ReplayPlan both =
        ReplayPlan.ofFiles(
            Map.of(
                Topic.CLICKS,
                plan.partitions().get(0).files().stream().map(f -> Path.of(f.path())).toList(),
                Topic.STAYS,
                List.of(early, late)));
    boolean[] allRead = {false};
    try (MergingSplitReader reader =
        new MergingSplitReader(
            LogRange.ALL, RecordDecoding.of(TagstreamConfig.defaults()), () -> allRead[0])) {
      reader.handleSplitsChanges(
          new SplitsAddition<>(both.partitions().stream().map(LogSplit::of).toList()));
      Map<String, List<LogLane.Element>> read = new HashMap<>();
      RecordsWithSplitIds<LogLane.Element> batch = reader.fetch();
      for (String split = batch.nextSplit(); split != null; split = batch.nextSplit()) {
        List<LogLane.Element> elements = read.computeIfAbsent(split, none -> new ArrayList<>());
        for (LogLane.Element next = batch.nextRecordFromSplit();
            next != null;
            next = batch.nextRecordFromSplit()) {
          elements.add(next);
        }
      }
      assertThat(batch.finishedSplits()).as("others may still read").isEmpty();
      assertThat(read.get("clicks-0")).hasSize(times.size() + 1);
      assertThat(read.get("stays-0")).hasSize(3);
      assertThat(read.get("stays-0").get(2).record()).as("the end is told").isNull();
      assertThat(reader.fetch().finishedSplits()).isEmpty();
      allRead[0] = true;
      assertThat(reader.fetch().finishedSplits()).containsExactlyInAnyOrder("clicks-0", "stays-0");
    }
  }

  @Test
  void aFileThatIsGoneIsNamed() throws Exception {
    PartitionLog log =
        new PartitionLog(Topic.CLICKS, 0, List.of(new LogFile("/no/such/file", false, 0, 1)));
    try (LogCursor cursor = cursor(LogSplit.of(log))) {
      assertThatThrownBy(cursor::next)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("/no/such/file");
    }
  }

  @Test
  void splitsOfOtherVersionsAndTrailingBytesAreRefused() throws Exception {
    LogSplitSerializer serializer = new LogSplitSerializer();
    byte[] bytes = serializer.serialize(LogSplit.of(plan.partitions().get(0)));
    assertThatThrownBy(() -> serializer.deserialize(2, bytes)).hasMessageContaining("version 2");
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> serializer.deserialize(1, longer)).hasMessageContaining("1 bytes");
    LogSplitSerializer.OfLists lists = new LogSplitSerializer.OfLists();
    List<LogSplit> splits = List.of(LogSplit.of(plan.partitions().get(0)));
    assertThat(lists.deserialize(1, lists.serialize(splits))).isEqualTo(splits);
  }

  private static LogCursor cursor(LogSplit split) {
    return new LogCursor(
        split.log(),
        split.nextOffset(),
        LogRange.ALL,
        RecordDecoding.of(TagstreamConfig.defaults()));
  }

  private static long time(InputRecord record) {
    return ((Click) record.getBody()).getEventTimeMillis();
  }

  private static String stay(long timeMillis) {
    return "{\"userId\":\"u\",\"impressionId\":\"r1\",\"stayMillis\":1,\"eventTimeMillis\":%d}%n"
        .formatted(timeMillis);
  }
}
