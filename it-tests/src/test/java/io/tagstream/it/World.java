package io.tagstream.it;

import io.tagstream.launcher.world.PlantedWorld;
import io.tagstream.launcher.world.PlantedWorldConfig;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * The first events of a small planted world, in the order they are to be sent.
 *
 * @param users records of users; they come first
 * @param events what the users saw and did
 */
record World(List<WorldEvent> users, List<WorldEvent> events) {

  /** About three sessions an hour for ten users: 1,000 events are an hour and a half. */
  private static final double EVENTS_PER_SECOND = 100;

  /** 3,000 events are twenty hours. */
  private static final double SPARSE_EVENTS_PER_SECOND = 25;

  /** 3,000 events are two and a half minutes. */
  private static final double DENSE_EVENTS_PER_SECOND = 12_000;

  private static final double SPEEDUP = 600;

  /** The world of a seed, which is printed. */
  static World of(long seed, int population, int count) {
    return of(seed, population, count, EVENTS_PER_SECOND);
  }

  /** The same with so few events that they pass many hours. */
  static World sparse(long seed, int population, int count) {
    return of(seed, population, count, SPARSE_EVENTS_PER_SECOND);
  }

  /** The same with so many events in so little event time that no label window closes. */
  static World dense(long seed, int population, int count) {
    return of(seed, population, count, DENSE_EVENTS_PER_SECOND);
  }

  private static World of(long seed, int population, int count, double eventsPerSecond) {
    System.out.printf("planted world: seed %d, %d users, %d events%n", seed, population, count);
    PlantedWorldConfig config =
        PlantedWorldConfig.defaults(seed).withUsers(population).withRate(eventsPerSecond, SPEEDUP);
    List<WorldEvent> users = new ArrayList<>();
    List<WorldEvent> events = new ArrayList<>();
    try (PlantedWorld world = new PlantedWorld(config)) {
      while (events.size() < count) {
        WorldEvent event = world.next();
        (event.topic() == Topic.USERS ? users : events).add(event);
      }
    }
    return new World(List.copyOf(users), List.copyOf(events));
  }

  /** How many records these are. */
  int size() {
    return users.size() + events.size();
  }

  /** The records of one type among the events. */
  <T extends SpecificRecordBase> List<T> all(Class<T> type) {
    return events.stream()
        .map(WorldEvent::record)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }
}
