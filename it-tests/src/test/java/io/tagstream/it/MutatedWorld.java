package io.tagstream.it;

import io.tagstream.it.Mutation.Spoilt;
import io.tagstream.it.SentRecord.Fate;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.DeadLetterReason;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Item;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserDeletion;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * A planted world among records that must be refused. Every good event is there as it is; what is
 * spoilt is a copy of one, beside it. So the good ones have to become what they become alone.
 *
 * <p>All good events come within the watermarks' bound of their partition, so none is late however
 * fast which partition is read.
 */
final class MutatedWorld {

  /** Events carry their tags, or those of {@link Topic#ITEMS} are joined. */
  static final String SETTINGS = "impressions.tags: items\n";

  private static final long WINDOW = Duration.ofMinutes(10).toMillis();
  private static final long HORIZON = Duration.ofDays(7).toMillis();
  private static final long MINUTE = 60_000;

  /** Within the watermarks' bound. */
  private static final long TIMELY = 3_000;

  /** Ids of the planted world's impressions. */
  private static final String WORLD_ID = "u\\d+-\\d+";

  private static final int FORGOTTEN_USERS = 20;
  private static final int STRAGGLERS = 40;
  private static final int TICKS = 2;
  private static final int MOST_AT_ONCE = 3;
  private static final List<Topic> EVENTS =
      List.of(Topic.IMPRESSIONS, Topic.CLICKS, Topic.STAYS, Topic.CONVERSIONS);

  private final Random random;
  private final SentRecords sent;
  private final Strangers strangers;
  private final int partitions;
  private final List<Mutation> mutations;
  private final ExpectedSamples expected = new ExpectedSamples(WINDOW);
  private final List<WorldEvent> reference = new ArrayList<>();
  private final List<SentRecord> before = new ArrayList<>();
  private final List<SentRecord> events = new ArrayList<>();
  private final List<SentRecord> stragglers = new ArrayList<>();
  private final List<List<SentRecord>> ticks = new ArrayList<>();
  private final PriorityQueue<Due> later = new PriorityQueue<>(Comparator.comparingLong(Due::time));
  private final long startMillis;
  private final long endMillis;
  private long newestMillis;
  private WorldEvent newestConversion;
  private int number;

  /** A record that is sent when time has come. */
  private record Due(long time, SentRecord record) {}

  /**
   * Makes all records.
   *
   * @param records how many there are in the end
   * @param partitions of a topic
   */
  MutatedWorld(Wire wire, long seed, int records, int partitions) throws IOException {
    this.random = new Random(seed);
    this.sent = new SentRecords(wire, random);
    this.strangers = new Strangers(random, wire.tellsAnyTag());
    this.partitions = partitions;
    this.mutations = new ArrayList<>(new BrokenRules(wire).all());
    this.mutations.addAll(wire.mutations());
    World world = World.of(seed, Math.max(30, records / 1_000), records / 2);
    this.startMillis = world.events().get(0).eventTimeMillis();
    this.endMillis =
        world.events().stream().mapToLong(WorldEvent::eventTimeMillis).max().orElseThrow();
    this.newestMillis = startMillis;
    this.newestConversion =
        world.events().stream()
            .filter(event -> event.topic() == Topic.CONVERSIONS)
            .findFirst()
            .orElseThrow();
    tellOfUsersAndItems(world);
    addStragglers();
    for (int tick = 0; tick < TICKS; tick++) {
      ticks.add(tick(tick));
    }
    addEvents(world.events(), records - before.size() - stragglers.size() - sizeOfTicks());
  }

  /** Users, items and deletions, to be read before any event. */
  List<SentRecord> before() {
    return before;
  }

  /** The events, in the order to send them. */
  List<SentRecord> events() {
    return events;
  }

  /**
   * Events that are too late once the watermark has reached {@link #watermarkOf} the first tick.
   */
  List<SentRecord> stragglers() {
    return stragglers;
  }

  /**
   * Good events in every partition of a time behind all others: they bring the watermark to where
   * everything before them is decided.
   */
  List<SentRecord> tickOf(int tick) {
    return ticks.get(tick);
  }

  /** All records, in the order to send them. */
  List<SentRecord> all() {
    List<SentRecord> all = new ArrayList<>(before);
    all.addAll(events);
    all.addAll(ticks.get(0));
    all.addAll(stragglers);
    all.addAll(ticks.get(1));
    return all;
  }

  /** How far a tick brings time. */
  long watermarkOf(int tick, Duration bound) {
    return tickMillis(tick) - bound.toMillis() - 1;
  }

  /** The samples that the good events make until the last tick. */
  Set<SampleRecorder.Key> expectedSamples() {
    return expected.until(tickMillis(TICKS - 1));
  }

  /** Impressions that are open behind the last tick. */
  int open() {
    return partitions;
  }

  private long tickMillis(int tick) {
    return endMillis + 1_000 + tick * Duration.ofHours(1).toMillis();
  }

  private int sizeOfTicks() {
    return ticks.stream().mapToInt(List::size).sum();
  }

  private void tellOfUsersAndItems(World world) throws IOException {
    reference.addAll(world.users());
    Map<String, Item> items = new LinkedHashMap<>();
    for (Impression shown : world.all(Impression.class)) {
      items.putIfAbsent(
          shown.getItemId(),
          new Item(shown.getItemId(), startMillis, "item", shown.getTags(), shown.getPrivileged()));
    }
    items.forEach((id, item) -> reference.add(new WorldEvent(Topic.ITEMS, id, startMillis, item)));
    for (int user = 0; user < FORGOTTEN_USERS; user++) {
      long until = endMillis + MINUTE;
      reference.add(
          new WorldEvent(
              Topic.USER_DELETIONS,
              Strangers.forgotten(user),
              until,
              new UserDeletion(Strangers.forgotten(user), until)));
    }
    for (WorldEvent event : reference) {
      before.add(sent.good(event, event.record(), Fate.NOTED));
      if (random.nextInt(10) == 0) {
        before.add(spoilt(event));
      }
    }
  }

  private void addEvents(List<WorldEvent> world, int count) throws IOException {
    int scattered = count - MOST_AT_ONCE;
    int done = 0;
    for (WorldEvent event : world) {
      while (!later.isEmpty() && later.peek().time() <= event.eventTimeMillis()) {
        events.add(later.poll().record());
      }
      newestMillis = Math.max(newestMillis, event.eventTimeMillis());
      WorldEvent added = addGood(event);
      newestConversion = event.topic() == Topic.CONVERSIONS ? event : newestConversion;
      done++;
      long target = (long) done * scattered / world.size() - later.size();
      while (events.size() < target) {
        addMore(added);
      }
    }
    while (!later.isEmpty()) {
      events.add(later.poll().record());
    }
    while (events.size() < count) {
      events.add(spoilt(world.get(random.nextInt(world.size()))));
    }
  }

  /** A good event as it is, or an impression whose tags are to be joined. */
  private WorldEvent addGood(WorldEvent event) {
    SpecificRecordBase record = event.record();
    if (record instanceof Impression shown && random.nextInt(4) == 0) {
      record = Impression.newBuilder(shown).setTags(null).setPrivileged(Map.of()).build();
    }
    events.add(sent.good(event, record, SentRecords.fate(record)));
    note(record);
    return new WorldEvent(event.topic(), event.key(), event.eventTimeMillis(), record);
  }

  /** Good events are what samples come of. */
  private void note(SpecificRecordBase record) {
    if (record instanceof Impression shown) {
      expected.show(shown.getImpressionId(), shown.getEventTimeMillis());
    } else if (record instanceof Click click) {
      expected.engage(click.getImpressionId(), Emission.CLICK, click.getEventTimeMillis());
    } else if (record instanceof Stay stay) {
      expected.engage(stay.getImpressionId(), Emission.STAY, stay.getEventTimeMillis());
    } else if (record instanceof Conversion conversion) {
      expected.engage(
          conversion.getImpressionId(), Emission.CONVERSION, conversion.getEventTimeMillis());
    }
  }

  private void addMore(WorldEvent event) throws IOException {
    int which = random.nextInt(100);
    if (which < 65) {
      events.add(
          spoilt(
              switch (random.nextInt(8)) {
                case 0 -> reference.get(random.nextInt(reference.size()));
                case 1 -> newestConversion;
                default -> event;
              }));
    } else if (which < 73) {
      Fate fate = event.record() instanceof Impression ? Fate.REPEATED : Fate.PLACED;
      events.add(sent.sent(event, event.record(), "repeated", fate, Set.of()));
    } else {
      addMisfit(event);
    }
  }

  /** A copy with something wrong, or one that is still good in spite of it. */
  private SentRecord spoilt(WorldEvent good) throws IOException {
    while (true) {
      Mutation mutation = mutations.get(random.nextInt(mutations.size()));
      Spoilt spoilt = mutation.change().of(good, random);
      if (spoilt == null) {
        continue;
      }
      if (spoilt.record() == null) {
        return sent.spoilt(good.topic(), spoilt, mutation.name(), Fate.UNREAD, spoilt.reasons());
      }
      SentRecord still = stillGood(good, spoilt);
      if (still != null) {
        return still;
      }
    }
  }

  /**
   * What becomes of a changed copy of an event that can still be read. Null when that cannot be
   * told: where tags are joined, copies may overtake; what names another event of the world may
   * come before or after it; what is said of users holds as soon as it is read; and an old event
   * would be late.
   */
  private @Nullable SentRecord stillGood(WorldEvent good, Spoilt spoilt) {
    SpecificRecordBase record = spoilt.record();
    boolean timely = newestMillis - good.eventTimeMillis() <= TIMELY;
    if (record == null || !good.topic().event() || !timely) {
      return null;
    }
    Fate fate = SentRecords.fate(record);
    Set<DeadLetterReason> reasons = Set.of();
    String id = record.get(1).toString(); // of all events the second field
    boolean same = id.equals(good.record().get(1));
    if (!same && (id.matches(WORLD_ID) || expected.has(id))) {
      return null;
    }
    if (record instanceof Impression shown) {
      Impression first = (Impression) good.record();
      if (shown.getTags() == null || first.getTags() == null) {
        return null;
      }
      if (same) {
        boolean equal = content(shown).equals(content(first));
        fate = equal ? Fate.REPEATED : Fate.UNPLACED;
        reasons = equal ? Set.of() : Set.of(DeadLetterReason.CONFLICTING_CONTENT);
      } else {
        note(record);
      }
    } else if (!same) {
      fate = Fate.UNPLACED;
      reasons = Set.of(DeadLetterReason.UNKNOWN_IMPRESSION);
    }
    return sent.spoilt(good.topic(), spoilt, "flipped and still good", fate, reasons);
  }

  /** What belongs to an impression where tags may be joined. */
  private static List<Object> content(Impression shown) {
    return Arrays.asList(
        shown.getItemId(),
        shown.getEntity(),
        shown.getPosition(),
        shown.getScene(),
        shown.getContext());
  }

  /** Records that can be read, and of which some have no place. */
  private void addMisfit(WorldEvent event) {
    String user = "stranger-" + number++;
    String id = user + "-0";
    long now = newestMillis;
    boolean timeLeft = now + 2 * WINDOW < endMillis;
    switch (random.nextInt(10)) {
      case 0 -> misfit(strangers.engagement(random.nextInt(3), user, id, now), Unplaced.NOBODYS);
      case 1 -> {
        add(strangers.impression(user, id, now));
        misfit(
            strangers.engagement(random.nextInt(3), user, id, now - 1 - random.nextInt(3_000)),
            Unplaced.EARLIER);
      }
      case 2 -> {
        if (timeLeft) {
          add(strangers.impression(user, id, now));
          int kind = random.nextInt(3);
          long late = now + WINDOW + 1 + random.nextInt((int) (WINDOW - MINUTE));
          later.add(
              new Due(
                  late,
                  sent.sent(strangers.engagement(kind, user, id, late), Unplaced.late(kind))));
        }
      }
      case 3 -> {
        if (now + HORIZON + WINDOW < endMillis) {
          add(strangers.impression(user, id, now));
          add(new Click(user, id, now + 1));
          long late = now + HORIZON + 1 + random.nextInt((int) (WINDOW - MINUTE));
          later.add(
              new Due(late, sent.sent(strangers.engagement(2, user, id, late), Unplaced.late(2))));
        }
      }
      case 4 -> {
        if (event.record() instanceof Impression shown && shown.getTags() != null) {
          Impression other = Impression.newBuilder(shown).setScene("elsewhere").build();
          misfit(other, Unplaced.CONFLICTING);
        }
      }
      case 5 -> {
        String gone = Strangers.forgotten(random.nextInt(FORGOTTEN_USERS));
        misfit(
            strangers.engagement(random.nextInt(3), gone, gone + id, now), Unplaced.OF_FORGOTTEN);
        misfit(strangers.impression(gone, gone + id, now), Unplaced.OF_FORGOTTEN);
      }
      case 6 -> {
        Impression shown = strangers.impression(user, id, now);
        shown.setTags(null);
        shown.setItemId("nothing-" + number);
        misfit(shown, Unplaced.OF_UNKNOWN_ITEM);
        misfit(new Click(user, id, now), Unplaced.NOBODYS);
      }
      case 7 -> add(strangers.odd(strangers.impression(user, id, now)));
      default -> tellOfStrangers(user);
    }
  }

  /** What nobody waits for may come at any time. */
  private void tellOfStrangers(String name) {
    long time = endMillis + 2 * Duration.ofHours(1).toMillis();
    WorldEvent event = SentRecords.event(strangers.notice(name, time));
    events.add(sent.good(event, event.record(), Fate.NOTED));
  }

  private void addStragglers() {
    for (int i = 0; i < STRAGGLERS; i++) {
      String user = "straggler-" + i;
      long time = i % 2 == 0 ? 1 + i : startMillis + random.nextInt((int) MINUTE);
      stragglers.add(sent.sent(strangers.impression(user, user + "-0", time), Unplaced.TOO_LATE));
      stragglers.add(
          sent.sent(strangers.engagement(i % 3, user, user + "-0", time), Unplaced.NOBODYS));
    }
  }

  /** One event for each partition of each topic of events; all of them meet. */
  private List<SentRecord> tick(int tick) {
    List<SentRecord> records = new ArrayList<>();
    long time = tickMillis(tick);
    for (Topic topic : EVENTS) {
      for (int partition = 0; partition < partitions; partition++) {
        String user = "clock-" + partition;
        String id = user + "-" + tick;
        SpecificRecordBase record =
            topic == Topic.IMPRESSIONS
                ? strangers.impression(user, id, time)
                : strangers.engagement(EVENTS.indexOf(topic) - 1, user, id, time);
        note(record);
        records.add(sent.in(partition, record));
      }
    }
    return records;
  }

  private void add(SpecificRecordBase record) {
    WorldEvent event = SentRecords.event(record);
    events.add(sent.sent(event, record, "good", SentRecords.fate(record), Set.of()));
    note(record);
  }

  private void misfit(SpecificRecordBase record, Unplaced how) {
    events.add(sent.sent(record, how));
  }
}
