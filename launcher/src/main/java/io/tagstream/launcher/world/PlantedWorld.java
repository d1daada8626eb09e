package io.tagstream.launcher.world;

import io.tagstream.launcher.world.Behaviour.Showing;
import io.tagstream.launcher.world.Exposure.Shown;
import io.tagstream.schemas.Click;
import io.tagstream.schemas.Conversion;
import io.tagstream.schemas.Impression;
import io.tagstream.schemas.Stay;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.User;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * A seeded world without end: a fixed population comes in sessions, sees items, clicks, stays and
 * converts, out of interests that drift and stages that change. {@link PlantedTruth} knows them.
 *
 * <p>Every user has random sequences of their own, so that a user's events do not depend on the
 * others. What is emitted never becomes a dead letter: clicks and stays come within five minutes, a
 * conversion without a click too, one with a click within a day.
 */
public final class PlantedWorld implements EventSource {

  private static final String ENTITY = "item";
  private static final double IMPRESSIONS_PER_SESSION = 8.0;
  private static final double SECONDS_BETWEEN_IMPRESSIONS = 20;
  private static final int POSITIONS = 10;
  private static final int CALIBRATION_SAMPLE = 20_000;
  private static final double ACTIVITY_SPREAD = 0.5;
  private static final double MAX_REACTION_MILLIS = 290_000;
  private static final double MAX_CONVERSION_MILLIS = Duration.ofDays(1).toSeconds() * 1e3;
  private static final double DELAYED_CONVERSION_MEAN = 3_600_000;
  private static final double PROMPT_CONVERSION_MEAN = 60_000;
  private static final double DELAYED_CONVERSION_SHARE = 0.4;
  private static final List<String> DEVICES = List.of("phone", "tablet", "web");
  private static final List<String> REGIONS = List.of("north", "east", "south", "west");

  private static final SourceFields FIELDS =
      new SourceFields(
          Set.of(ENTITY),
          ENTITY,
          Set.of("purchase", "subscribe"),
          Set.of(),
          List.of("ageGroup", "region"),
          List.of("device"),
          List.of("category", "creator"));

  /** The next session of a user. */
  private record Visit(long startMillis, Visitor visitor) {

    static final Comparator<Visit> ORDER =
        Comparator.comparingLong(Visit::startMillis).thenComparing(visit -> visit.visitor().id);
  }

  private static final class Visitor {
    final String id;
    final UserTimeline timeline;
    final SeededRandom random;
    final double activity;
    final String device;
    final Map<String, String> attributes;
    long impressions;

    Visitor(PlantedWorldConfig config, int user) {
      id = userId(user);
      timeline = new UserTimeline(config, user);
      random = new SeededRandom(config.seed(), "visitor", user);
      activity = StrictMath.exp(ACTIVITY_SPREAD * random.gaussian());
      device = DEVICES.get(random.nextInt(DEVICES.size()));
      attributes =
          ItemCatalog.ordered(
              "ageGroup",
              String.valueOf(10 * (1 + random.nextInt(7))),
              "region",
              REGIONS.get(random.nextInt(REGIONS.size())));
    }
  }

  private final PlantedWorldConfig config;
  private final Exposure exposure;
  private final Behaviour behaviour;
  private final EmissionQueue emissions;
  private final PriorityQueue<Visit> visits = new PriorityQueue<>(Visit.ORDER);
  private final Queue<WorldEvent> users = new ArrayDeque<>();

  /** Sessions per millisecond of a user with activity 1. */
  private final double sessionRate;

  /** The world with this configuration. */
  public PlantedWorld(PlantedWorldConfig config) {
    this.config = config;
    exposure = new Exposure(new ItemCatalog(config));
    emissions =
        new EmissionQueue(
            config.maxOutOfOrderness().toMillis(), new SeededRandom(config.seed(), "order", 0));
    Visitor[] visitors = new Visitor[config.users()];
    double activity = 0;
    for (int user = 0; user < visitors.length; user++) {
      Visitor visitor = new Visitor(config, user);
      visitors[user] = visitor;
      activity += visitor.activity;
      users.add(
          event(
              Topic.USERS,
              visitor,
              config.startMillis(),
              new User(visitor.id, config.startMillis(), visitor.attributes)));
    }
    behaviour = new Behaviour(config.mix(), sample(visitors));
    double impressionsPerMilli =
        config.eventsPerSecond()
            / config.speedup()
            / 1_000
            * config.mix().impressions()
            / config.mix().total();
    sessionRate =
        impressionsPerMilli / IMPRESSIONS_PER_SESSION / (activity * LifecycleStage.meanActivity());
    for (Visitor visitor : visitors) {
      scheduleVisit(visitor, config.startMillis());
    }
  }

  /** Id of the user with this number, from 0. */
  static String userId(int user) {
    return "u" + user;
  }

  @Override
  public SourceFields fields() {
    return FIELDS;
  }

  @Override
  public long startMillis() {
    return config.startMillis();
  }

  @Override
  public long maxOutOfOrdernessMillis() {
    return config.maxOutOfOrderness().toMillis();
  }

  @Override
  public boolean endless() {
    return true;
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public WorldEvent next() {
    WorldEvent user = users.poll();
    if (user != null) {
      return user;
    }
    // A session makes events from its start on, so what is emitted before it is complete.
    while (visits.element().startMillis() <= emissions.nextMillis()) {
      Visit visit = visits.remove();
      long end = visit(visit.visitor(), visit.startMillis());
      scheduleVisit(visit.visitor(), end);
    }
    return emissions.take();
  }

  @Override
  public void close() {
    // Nothing is held.
  }

  private void scheduleVisit(Visitor visitor, long afterMillis) {
    double rate = sessionRate * visitor.activity * visitor.timeline.stage(afterMillis).activity;
    long wait = 1 + (long) visitor.random.exponential(1 / rate);
    visits.add(new Visit(afterMillis + wait, visitor));
  }

  /** Makes one session; returns the time the wait for the next counts from. */
  private long visit(Visitor visitor, long startMillis) {
    long time = startMillis;
    int position = 0;
    do {
      impression(visitor, time, position % POSITIONS);
      position++;
      time += 1_000 + (long) visitor.random.exponential(1_000 * SECONDS_BETWEEN_IMPRESSIONS);
    } while (visitor.random.chance(1 - 1 / IMPRESSIONS_PER_SESSION));
    // From the start, not from the end: then the mean rate is the configured one.
    return startMillis;
  }

  private void impression(Visitor visitor, long time, int position) {
    SeededRandom random = visitor.random;
    List<Integer> liked = visitor.timeline.likedTopics(time);
    Shown shown = exposure.draw(liked, random);
    Showing showing =
        new Showing(
            Behaviour.likedTags(shown.item(), liked),
            visitor.timeline.stage(time),
            position,
            shown.scene());
    String impressionId = visitor.id + '-' + config.name() + visitor.impressions++;
    emit(
        Topic.IMPRESSIONS,
        visitor,
        time,
        new Impression(
            visitor.id,
            impressionId,
            shown.item().id(),
            time,
            ENTITY,
            position,
            shown.scene().label,
            Map.of("device", visitor.device),
            shown.item().tags(),
            shown.item().privileged()));
    boolean clicked = random.chance(behaviour.clickChance(showing));
    long clickTime = time + 500 + random.nextInt(7_500);
    if (clicked) {
      emit(Topic.CLICKS, visitor, clickTime, new Click(visitor.id, impressionId, clickTime));
    }
    if (random.chance(behaviour.stayChance(clicked))) {
      stay(visitor, impressionId, showing, clicked, clicked ? clickTime : time);
    }
    if (random.chance(behaviour.conversionChance(showing, clicked))) {
      conversion(visitor, impressionId, clicked, clicked ? clickTime : time);
    }
  }

  private void stay(
      Visitor visitor, String impressionId, Showing showing, boolean clicked, long fromMillis) {
    double length =
        behaviour.stayMedianMillis(showing, clicked)
            * StrictMath.exp(0.8 * visitor.random.gaussian());
    long millis = (long) Math.min(length, MAX_REACTION_MILLIS);
    long time = fromMillis + millis; // told when the user leaves
    emit(Topic.STAYS, visitor, time, new Stay(visitor.id, impressionId, time, millis));
  }

  private void conversion(Visitor visitor, String impressionId, boolean clicked, long fromMillis) {
    SeededRandom random = visitor.random;
    boolean delayed = clicked && random.chance(DELAYED_CONVERSION_SHARE);
    double delay =
        delayed
            ? Math.min(random.exponential(DELAYED_CONVERSION_MEAN), MAX_CONVERSION_MILLIS)
            : Math.min(random.exponential(PROMPT_CONVERSION_MEAN), MAX_REACTION_MILLIS);
    boolean purchase = random.chance(0.7);
    double value = purchase ? Math.rint(100 * StrictMath.exp(3 + random.gaussian())) / 100 : 1;
    long time = fromMillis + 1_000 + (long) delay;
    emit(
        Topic.CONVERSIONS,
        visitor,
        time,
        new Conversion(visitor.id, impressionId, time, purchase ? "purchase" : "subscribe", value));
  }

  /** Showings as they will occur: users by activity, each in their first stage. */
  private Showing[] sample(Visitor[] visitors) {
    SeededRandom random = new SeededRandom(config.seed(), "calibration", 0);
    double[] weights = new double[visitors.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = visitors[i].activity;
    }
    AliasTable byActivity = new AliasTable(weights);
    Showing[] sample = new Showing[CALIBRATION_SAMPLE];
    for (int i = 0; i < sample.length; i++) {
      Visitor visitor = visitors[byActivity.draw(random)];
      List<Integer> liked = visitor.timeline.likedTopics(config.startMillis());
      Shown shown = exposure.draw(liked, random);
      // A stage is met in proportion to how often users in it come.
      LifecycleStage stage = LifecycleStage.first(random);
      while (!random.chance(stage.activity / LifecycleStage.MAX_ACTIVITY)) {
        stage = LifecycleStage.first(random);
      }
      sample[i] =
          new Showing(
              Behaviour.likedTags(shown.item(), liked),
              stage,
              random.nextInt(POSITIONS),
              shown.scene());
    }
    return sample;
  }

  private void emit(Topic topic, Visitor visitor, long time, SpecificRecordBase record) {
    emissions.add(event(topic, visitor, time, record));
  }

  private static WorldEvent event(
      Topic topic, Visitor visitor, long time, SpecificRecordBase record) {
    return new WorldEvent(topic, visitor.id, time, record);
  }
}
