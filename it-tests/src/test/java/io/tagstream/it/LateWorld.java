package io.tagstream.it;

import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Months of events in partitions that fall silent and come back, with events that are early, late,
 * repeated, or of the future.
 */
final class LateWorld {

  static final long START = 1_700_000_000_000L;

  /** Over the ends of two months, longer than any window. */
  static final Duration SPAN = Duration.ofDays(70);

  /** A partition that is silent for so long is idle. */
  static final Duration IDLENESS = Duration.ofMinutes(5);

  private static final List<Topic> TOPICS =
      List.of(Topic.IMPRESSIONS, Topic.CLICKS, Topic.STAYS, Topic.CONVERSIONS);
  private static final int PARTITIONS_PER_TOPIC = 2;

  /** How many partitions tell the time; the topic of users has one more. */
  static final int PARTITIONS = TOPICS.size() * PARTITIONS_PER_TOPIC;

  private static final long BOUND = Duration.ofSeconds(5).toMillis();
  private static final long WINDOW = Duration.ofMinutes(10).toMillis();
  private static final long HORIZON = Duration.ofDays(7).toMillis();

  /** Before that, what is said of users is the table they are read from. */
  private static final long FIRST_USERS = Duration.ofHours(6).toMillis();

  private static final int STALLS = 60;

  /**
   * A record at the moment it is read.
   *
   * @param partition that it is in; {@link #PARTITIONS} for users
   */
  record Arrival(long atMillis, int partition, Topic topic, String key, SpecificRecordBase record) {
    private Arrival of(SpecificRecordBase other) {
      return new Arrival(atMillis, partition, topic, key, other);
    }
  }

  private record Stall(long from, long until) {}

  private final SplittableRandom random;
  private final List<Arrival> arrivals = new ArrayList<>();
  private final List<List<Stall>> stalls = new ArrayList<>();

  LateWorld(long seed, int users, int impressions) {
    random = new SplittableRandom(seed);
    for (int partition = 0; partition <= PARTITIONS; partition++) {
      List<Stall> own = new ArrayList<>();
      for (int i = 0; i < STALLS; i++) {
        long from = START + random.nextLong(SPAN.toMillis());
        // Some are shorter than the idleness, and hold the others back; some last for hours.
        long most = (i % 4 == 0 ? 100 : 3) * IDLENESS.toMillis();
        own.add(new Stall(from, from + random.nextLong(most)));
      }
      stalls.add(own);
    }
    for (int user = 0; user < users; user++) {
      addUser(user, impressions);
    }
    arrivals.sort(Comparator.comparingLong(Arrival::atMillis));
  }

  /** Everything in the order it is read in. */
  List<Arrival> arrivals() {
    return arrivals;
  }

  private void addUser(int number, int impressions) {
    String user = "u" + number;
    for (int version = random.nextInt(3); version > 0; version--) {
      long time = START + FIRST_USERS + random.nextLong(SPAN.toMillis());
      add(number, new User(user, time, Map.of("city", "c" + random.nextInt(4))));
    }
    long time = START;
    for (int i = 0; i < impressions; i++) {
      boolean again = i > 0 && random.nextInt(3) == 0; // the same, or soon after
      time =
          again
              ? time + random.nextInt(2) * random.nextLong(2 * WINDOW)
              : START + 60_000 + random.nextLong(SPAN.toMillis()) / 100 * 100;
      addImpression(number, user, user + "-" + i, time);
    }
  }

  private void addImpression(int number, String user, String id, long time) {
    List<String> tags = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      String tag = "tag" + random.nextInt(12);
      if (!tags.contains(tag)) {
        tags.add(tag);
      }
    }
    Map<String, String> privileged =
        random.nextBoolean()
            ? Map.of("category", "k" + random.nextInt(5))
            : Map.of("category", "k" + random.nextInt(5), "creator", "ü" + random.nextInt(9));
    add(
        number,
        new Impression(
            user,
            id,
            "item" + random.nextInt(100),
            time,
            "item",
            null,
            random.nextBoolean() ? "feed" : null,
            Map.of("device", "d" + random.nextInt(3)),
            tags,
            privileged));
    boolean clicked = random.nextInt(3) == 0;
    if (clicked) {
      for (int clicks = 1 + random.nextInt(5) / 4; clicks > 0; clicks--) {
        add(number, new Click(user, id, time + within(WINDOW)));
      }
    }
    if (clicked || random.nextInt(4) == 0) {
      add(number, new Stay(user, id, time + within(WINDOW), (long) random.nextInt(200_000)));
    }
    if (random.nextInt(8) == 0) {
      add(number, conversion(user, id, time + within(WINDOW)));
    }
    if (random.nextInt(clicked ? 3 : 20) == 0) {
      add(number, conversion(user, id, time + WINDOW + 1 + random.nextLong(HORIZON)));
    }
    if (random.nextInt(30) == 0) { // without a place
      add(number, new Click(user, id, time - 1 - random.nextInt(60_000)));
      add(number, new Stay(user, id, time + WINDOW + 1 + random.nextLong(WINDOW), 5L));
      add(number, new Click(user, "no-" + id, time));
    }
  }

  /** Often nothing: logs exist whose engagements carry their impression's time. */
  private long within(long span) {
    return random.nextInt(4) == 0 ? 0 : random.nextLong(span + 1);
  }

  private Conversion conversion(String user, String id, long time) {
    return new Conversion(user, id, time, random.nextBoolean() ? "purchase" : "subscribe", 1.0);
  }

  private void add(int user, SpecificRecordBase record) {
    long time = time(record);
    arrive(user, record, time + delay());
    if (random.nextInt(20) == 0) {
      arrive(user, record, time + delay());
    }
    if (random.nextInt(50) == 0) {
      Arrival same = arrive(user, record, time + delay());
      long ahead = same.atMillis() + BOUND + 1 + random.nextLong(HORIZON);
      arrivals.remove(arrivals.size() - 1);
      arrivals.add(same.of(BrokenRules.with(record, "eventTimeMillis", ahead)));
    }
  }

  /** Mostly within the bound. */
  private long delay() {
    int kind = random.nextInt(1_000);
    if (kind < 3) {
      return random.nextLong(HORIZON + HORIZON / 4);
    }
    return kind < 60 ? random.nextLong(2 * WINDOW) : random.nextLong(BOUND);
  }

  /** What comes while its partition stalls is read when it is back; records of users never tell. */
  private Arrival arrive(int user, SpecificRecordBase record, long at) {
    Topic topic =
        record instanceof User
            ? Topic.USERS
            : TOPICS.stream()
                .filter(each -> each.recordClass() == record.getClass())
                .findFirst()
                .orElseThrow();
    int partition =
        topic == Topic.USERS
            ? PARTITIONS
            : TOPICS.indexOf(topic) * PARTITIONS_PER_TOPIC + user % PARTITIONS_PER_TOPIC;
    long read = at;
    for (Stall stall : stalls.get(partition)) {
      if (read >= stall.from && read < stall.until) {
        read = stall.until;
      }
    }
    Arrival arrival = new Arrival(read, partition, topic, "u" + user, record);
    arrivals.add(arrival);
    return arrival;
  }

  /** When it happened. */
  static long time(SpecificRecordBase record) {
    return (long) record.get(record.getSchema().getField("eventTimeMillis").pos());
  }
}
