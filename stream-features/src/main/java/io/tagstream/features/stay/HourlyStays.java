package io.tagstream.features.stay;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Stays counted by the hour until the hour is complete. */
public final class HourlyStays {

  private final TreeMap<Long, StayCounts> hours = new TreeMap<>();

  /**
   * Counts a stay.
   *
   * @param hour see {@link EventHour}
   * @param stayMillis length of the stay, not negative
   */
  public void count(long hour, long stayMillis) {
    of(hour).count(stayMillis);
  }

  /**
   * Adds stays that were counted before.
   *
   * @param hour see {@link EventHour}
   * @param counts {@link StayCounts} as bytes
   */
  public void add(long hour, byte[] counts) {
    of(hour).add(StayCounts.of(counts));
  }

  /**
   * Takes the counts of complete hours out.
   *
   * @param lastHour the last one that is complete
   * @param out takes each hour, in order, with its {@link StayCounts} as bytes
   */
  public void takeUpTo(long lastHour, BiConsumer<Long, byte[]> out) {
    while (!hours.isEmpty() && hours.firstKey() <= lastHour) {
      Map.Entry<Long, StayCounts> first = hours.pollFirstEntry();
      out.accept(first.getKey(), first.getValue().toBytes());
    }
  }

  /** Hours with their counts, as {@link #add} takes them. */
  public void forEach(BiConsumer<Long, byte[]> hour) {
    hours.forEach((each, counts) -> hour.accept(each, counts.toBytes()));
  }

  private StayCounts of(long hour) {
    return hours.computeIfAbsent(hour, unused -> new StayCounts());
  }
}
