package io.tagstream.launcher.kuairand;

import io.tagstream.launcher.dataset.DatasetFile;
import io.tagstream.launcher.kuairand.KuaiRandConfig.Entities;
import io.tagstream.launcher.world.EventSource;
import io.tagstream.launcher.world.SourceFields;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.User;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.commons.csv.CSVRecord;

/**
 * The KuaiRand-Pure log as events, strictly in order of event time.
 *
 * <p>A row is an impression at its {@code time_ms}, a click at the same time where {@code is_click}
 * (the log has no time of its own for it), a stay of {@code play_time_ms} when it ended, and its
 * conversions with the stay. What would end after the label window is dated one millisecond before
 * its end: the row says that it belongs to this impression. A stay of 0 is a stay. Rows that repeat
 * an earlier (user, video, time) repeat its events, so that they are duplicates and no
 * contradictions.
 *
 * <p>Users of the log come first, dated the first row's time.
 */
public final class KuaiRandLog implements EventSource {

  private static final String DATASET = "KuaiRand-Pure";
  private static final String ENTITY = "video";

  /** Where three rows of four were shown, and six clicks of seven were made. */
  private static final String MAIN_TAB = "tab1";

  private static final String ACTIVE_DEGREE = "user_active_degree";

  /** The raw numbers behind these are left out: their ranges are in the table as well. */
  private static final Set<String> RAW_NUMBERS =
      Set.of("follow_user_num", "fans_user_num", "friend_user_num", "register_days");

  private record Pending(long timeMillis, long sequence, WorldEvent event) {

    static final Comparator<Pending> ORDER =
        Comparator.comparingLong(Pending::timeMillis).thenComparingLong(Pending::sequence);
  }

  private final KuaiRandConfig config;
  private final Map<String, Video> videos = new HashMap<>();
  private final List<LogRow> rows = new ArrayList<>();
  private final List<String> userAttributes = new ArrayList<>();
  private final List<WorldEvent> users = new ArrayList<>();
  private final Map<String, Long> skipped = new TreeMap<>();
  private final EnumMap<Topic, Long> events = new EnumMap<>(Topic.class);
  private final PriorityQueue<Pending> pending = new PriorityQueue<>(64, Pending.ORDER);
  private long rowsRead;
  private long repeatedRows;
  private long repeatsDiffering;
  private long untaggedRows;
  private long usersInLog;
  private long usersWithoutAttributes;
  private long unusedUsers;
  private int nextUser;
  private int nextRow;
  private long sequence;

  /**
   * Reads the folder's tables.
   *
   * @throws IOException when a file or column is missing or unreadable; the message names it
   */
  public KuaiRandLog(KuaiRandConfig config) throws IOException {
    this.config = config;
    Path directory = config.directory();
    List<Path> logs = DatasetFile.find(directory, DATASET, "log_standard_*.csv");
    Path userTable = DatasetFile.find(directory, DATASET, "user_features_pure.csv").get(0);
    Path videoTable = DatasetFile.find(directory, DATASET, "video_features_basic_pure.csv").get(0);
    DatasetFile.read(
        videoTable,
        DatasetFile.CSV,
        Video.COLUMNS,
        row -> videos.put(row.get("video_id").strip(), Video.of(row)));
    for (Path log : logs) {
      DatasetFile.read(log, DatasetFile.CSV, LogRow.COLUMNS, this::readRow);
    }
    if (rows.isEmpty()) {
      throw new IOException("data: " + logs + " - no row can be played; skipped " + skipped);
    }
    rows.sort(Comparator.comparingLong(LogRow::timeMillis)); // stable: ties stay in file order
    mergeRepeats();
    readUsers(userTable);
  }

  @Override
  public SourceFields fields() {
    return new SourceFields(
        rows.stream().map(this::entity).collect(Collectors.toSet()),
        config.entities() == Entities.TAB ? MAIN_TAB : ENTITY,
        Set.of("like"),
        Set.copyOf(LogRow.CONVERSION_TYPES.subList(1, LogRow.CONVERSION_TYPES.size())),
        userAttributes,
        List.of(),
        Video.FIELDS);
  }

  @Override
  public long startMillis() {
    return rows.get(0).timeMillis();
  }

  @Override
  public long maxOutOfOrdernessMillis() {
    return 0;
  }

  @Override
  public boolean endless() {
    return false;
  }

  @Override
  public boolean hasNext() {
    return nextUser < users.size() || nextRow < rows.size() || !pending.isEmpty();
  }

  @Override
  public WorldEvent next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the log is over after " + rows.size() + " rows");
    }
    WorldEvent event;
    if (nextUser < users.size()) {
      event = users.get(nextUser++);
    } else {
      while (nextRow < rows.size()
          && (pending.isEmpty()
              || rows.get(nextRow).timeMillis() <= pending.element().timeMillis())) {
        play(rows.get(nextRow++));
      }
      event = pending.remove().event();
    }
    events.merge(event.topic(), 1L, Long::sum);
    return event;
  }

  @Override
  public void close() {
    // The files were read whole.
  }

  /** What became of every row; events so far. */
  public KuaiRandReport report() {
    Map<String, Long> byTopic = new LinkedHashMap<>();
    events.forEach((topic, count) -> byTopic.put(topic.defaultName(), count));
    long rowsSkipped = skipped.values().stream().mapToLong(Long::longValue).sum();
    return new KuaiRandReport(
        rowsRead,
        rows.size(),
        rowsSkipped,
        new TreeMap<>(skipped),
        repeatedRows,
        repeatsDiffering,
        untaggedRows,
        usersInLog,
        usersWithoutAttributes,
        unusedUsers,
        byTopic);
  }

  private void readRow(CSVRecord row) {
    rowsRead++;
    try {
      LogRow read = LogRow.of(row);
      if (!videos.containsKey(read.videoId())) {
        throw new LogRow.Unreadable("video_id is not in the video table");
      }
      rows.add(read);
    } catch (LogRow.Unreadable e) {
      skipped.merge(String.valueOf(e.getMessage()), 1L, Long::sum);
    }
  }

  private void mergeRepeats() {
    Map<String, LogRow> first = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      LogRow row = rows.get(i);
      LogRow earlier = first.putIfAbsent(row.impressionId(), row);
      if (earlier != null) {
        repeatedRows++;
        repeatsDiffering += earlier.equals(row) ? 0 : 1;
        rows.set(i, earlier);
      }
      untaggedRows += video(row).tags().isEmpty() ? 1 : 0;
    }
  }

  private void readUsers(Path table) throws IOException {
    Set<String> inLog = new TreeSet<>(Comparator.comparing(String::length).thenComparing(id -> id));
    rows.forEach(row -> inLog.add(row.userId()));
    usersInLog = inLog.size();
    Map<String, Map<String, String>> attributes = new HashMap<>();
    Set<String> names = new HashSet<>();
    DatasetFile.read(
        table,
        DatasetFile.CSV,
        List.of("user_id"),
        row -> {
          String userId = row.get("user_id").strip();
          if (inLog.contains(userId)) {
            Map<String, String> of = attributes(row);
            names.addAll(of.keySet());
            attributes.put(userId, of);
          } else {
            unusedUsers++;
          }
        });
    names.stream().sorted().forEach(userAttributes::add);
    for (String userId : inLog) {
      Map<String, String> of = attributes.get(userId);
      if (of == null) {
        usersWithoutAttributes++;
      } else {
        users.add(
            new WorldEvent(
                Topic.USERS, userId, startMillis(), new User(userId, startMillis(), of)));
      }
    }
  }

  private Map<String, String> attributes(CSVRecord row) {
    Map<String, String> of = new TreeMap<>();
    row.toMap()
        .forEach(
            (name, value) -> {
              boolean wanted =
                  !name.equals("user_id")
                      && !RAW_NUMBERS.contains(name)
                      && (config.activeDegree() || !name.equals(ACTIVE_DEGREE));
              if (wanted && !value.isBlank()) {
                of.put(name, value.strip());
              }
            });
    return of;
  }

  private void play(LogRow row) {
    Video video = video(row);
    long time = row.timeMillis();
    String id = row.impressionId();
    add(
        Topic.IMPRESSIONS,
        row,
        time,
        new Impression(
            row.userId(),
            id,
            row.videoId(),
            time,
            entity(row),
            null,
            scene(row),
            Map.of(),
            video.tags(),
            video.privileged()));
    if (row.click()) {
      add(Topic.CLICKS, row, time, new Click(row.userId(), id, time));
    }
    long end = time + Math.min(row.playMillis(), config.labelWindow().toMillis() - 1);
    add(Topic.STAYS, row, end, new Stay(row.userId(), id, end, row.playMillis()));
    for (int i = 0; i < LogRow.CONVERSION_TYPES.size(); i++) {
      if ((row.conversions() >> i & 1) == 1) {
        String type = LogRow.CONVERSION_TYPES.get(i);
        add(Topic.CONVERSIONS, row, end, new Conversion(row.userId(), id, end, type, 1.0));
      }
    }
  }

  private String entity(LogRow row) {
    return config.entities() == Entities.TAB ? scene(row) : ENTITY;
  }

  private static String scene(LogRow row) {
    return "tab" + row.tab();
  }

  private Video video(LogRow row) {
    return videos.getOrDefault(row.videoId(), Video.UNKNOWN);
  }

  private void add(Topic topic, LogRow row, long time, SpecificRecordBase record) {
    pending.add(new Pending(time, sequence++, new WorldEvent(topic, row.userId(), time, record)));
  }
}
