package io.tagstream.launcher.world;

import java.time.Duration;
import java.time.Instant;

/**
 * A planted world: equal configurations make equal events.
 *
 * @param name {@code world.name}: what its impressions are named by, so that worlds which write to
 *     the same topics do not name theirs alike; may be empty
 * @param seed everything random follows from it
 * @param users {@code world.users}: how many there are, from the start to the end
 * @param topics {@code world.topics}: groups of tags that users like as a whole
 * @param tagsPerTopic {@code world.tags-per-topic}: tags of each
 * @param items {@code world.items}: how many items are shown
 * @param likedTopics {@code world.liked-topics}: topics each user likes at any time
 * @param eventsPerSecond {@code world.events-per-second}: mean rate on the wall clock of a writer
 *     that plays event time at {@code speedup}
 * @param speedup {@code world.speedup}: seconds of event time per second of wall time
 * @param startMillis {@code world.start}: event time of the first event, milliseconds since the
 *     epoch
 * @param driftMean {@code world.drift-mean}: mean event time between two swaps of a user's topic
 * @param stageMean {@code world.stage-mean}: mean event time a user stays in a life-cycle stage
 * @param maxOutOfOrderness {@code world.max-out-of-orderness}: bound on how far an event is emitted
 *     behind a later one, event time
 * @param mix {@code world.mix}: shares of the kinds of events
 */
public record PlantedWorldConfig(
    String name,
    long seed,
    int users,
    int topics,
    int tagsPerTopic,
    int items,
    int likedTopics,
    double eventsPerSecond,
    double speedup,
    long startMillis,
    Duration driftMean,
    Duration stageMean,
    Duration maxOutOfOrderness,
    EventMix mix) {

  /** A fixed past, so that equal seeds make equal events on any day. */
  public static final long DEFAULT_START = Instant.parse("2025-01-01T00:00:00Z").toEpochMilli();

  public PlantedWorldConfig {
    check("world.users", users, users >= 1, "at least 1");
    check("world.tags-per-topic", tagsPerTopic, tagsPerTopic >= 1, "at least 1");
    check("world.liked-topics", likedTopics, likedTopics >= 1, "at least 1");
    check("world.topics", topics, topics > likedTopics, "more than world.liked-topics");
    check("world.items", items, items >= topics, "at least world.topics");
    check("world.events-per-second", eventsPerSecond, positive(eventsPerSecond), "positive");
    check("world.speedup", speedup, positive(speedup), "positive");
    check("world.start", startMillis, startMillis > 0, "after 1970");
    check("world.drift-mean", driftMean, driftMean.toMillis() > 0, "at least a millisecond");
    check("world.stage-mean", stageMean, stageMean.toMillis() > 0, "at least a millisecond");
    check(
        "world.max-out-of-orderness",
        maxOutOfOrderness,
        !maxOutOfOrderness.isNegative(),
        "not negative");
  }

  /**
   * 500 users, 240 tags in 60 topics, 3,000 items, 2,000 events a second at 600 times the clock.
   */
  public static PlantedWorldConfig defaults(long seed) {
    return new PlantedWorldConfig(
        "",
        seed,
        500,
        60,
        4,
        3_000,
        3,
        2_000,
        600,
        DEFAULT_START,
        Duration.ofHours(48),
        Duration.ofHours(24),
        Duration.ofSeconds(2),
        EventMix.DEFAULT);
  }

  /** Another world of the same kind. */
  public PlantedWorldConfig withSeed(long another) {
    return with(another, users, eventsPerSecond, speedup, name, startMillis);
  }

  /** The same with another population. */
  public PlantedWorldConfig withUsers(int population) {
    return with(seed, population, eventsPerSecond, speedup, name, startMillis);
  }

  /** The same at another rate. */
  public PlantedWorldConfig withRate(double eventsPerWallSecond, double eventSecondsPerSecond) {
    return with(seed, users, eventsPerWallSecond, eventSecondsPerSecond, name, startMillis);
  }

  /** The same that begins at another time, under a name of its own. */
  public PlantedWorldConfig withStart(String newName, long newStartMillis) {
    return with(seed, users, eventsPerSecond, speedup, newName, newStartMillis);
  }

  private PlantedWorldConfig with(
      long newSeed,
      int newUsers,
      double newEventsPerSecond,
      double newSpeedup,
      String newName,
      long newStartMillis) {
    return new PlantedWorldConfig(
        newName,
        newSeed,
        newUsers,
        topics,
        tagsPerTopic,
        items,
        likedTopics,
        newEventsPerSecond,
        newSpeedup,
        newStartMillis,
        driftMean,
        stageMean,
        maxOutOfOrderness,
        mix);
  }

  private static boolean positive(double value) {
    return value > 0 && Double.isFinite(value);
  }

  private static void check(String key, Object value, boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(key + ": " + value + " - must be " + rule);
    }
  }
}
