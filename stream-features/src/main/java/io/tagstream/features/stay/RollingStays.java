package io.tagstream.features.stay;

import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Stays counted by the hour, and the bins that follow from them: those of hour h from the hours of
 * the history that ends with hour h − 2. So they are known an hour before they hold.
 *
 * <p>They change in an hour only when one with stays comes to the history or leaves it.
 */
public final class RollingStays {

  /** From the last hour that is counted to the one whose bins follow from it. */
  public static final int LEAD_HOURS = 2;

  /** With fewer stays to a bin, edges would be chance. */
  public static final int LEAST_STAYS_PER_BIN = 10;

  private final int bins;
  private final long historyHours;
  private final TreeMap<Long, byte[]> hours = new TreeMap<>();

  /** Of the hours up to the last complete one. */
  private final StayCounts history = new StayCounts();

  private long lastComplete;

  /**
   * No stays yet.
   *
   * @param bins how many bins there should be
   * @param historyHours how many hours count
   * @param lastComplete the last hour that edges were told of; the smallest long for none
   */
  public RollingStays(int bins, long historyHours, long lastComplete) {
    this.bins = bins;
    this.historyHours = historyHours;
    this.lastComplete = lastComplete;
  }

  /**
   * Adds stays of an hour. Those of an hour that is complete count for later bins only.
   *
   * @param hour see {@link EventHour}
   * @param counts {@link StayCounts} as bytes
   */
  public void add(long hour, byte[] counts) {
    if (hour + historyHours <= lastComplete) {
      return; // it has left the history
    }
    StayCounts added = StayCounts.of(counts);
    if (hour <= lastComplete) {
      history.add(added);
    }
    byte[] before = hours.get(hour);
    if (before != null) {
      added.add(StayCounts.of(before));
    }
    hours.put(hour, before == null ? counts : added.toBytes());
  }

  /**
   * All stays up to the end of an hour are added: tells the edges that follow.
   *
   * @param hour see {@link EventHour}
   * @param out takes, in ascending order, hours from whose beginning other edges hold, with the
   *     edges in milliseconds; none when there are too few stays, or all are equal
   */
  public void completeTo(long hour, BiConsumer<Long, List<Long>> out) {
    for (long next = nextChange(); next <= hour; next = nextChange()) {
      byte[] coming = hours.get(next);
      if (coming != null) {
        history.add(StayCounts.of(coming));
      }
      byte[] leaving = hours.remove(next - historyHours);
      if (leaving != null) {
        history.subtract(StayCounts.of(leaving));
      }
      lastComplete = next;
      out.accept(next + LEAD_HOURS, edges());
    }
    lastComplete = Math.max(lastComplete, hour);
  }

  /** The last hour that edges were told of; the smallest long for none. */
  public long lastComplete() {
    return lastComplete;
  }

  /** The newest hour with stays; the last complete one when there is none. */
  public long newestHour() {
    return hours.isEmpty() ? lastComplete : Math.max(lastComplete, hours.lastKey());
  }

  /** Number of stays in the history. */
  public long total() {
    return history.total();
  }

  /** Hours with their counts, as {@link #add} takes them. */
  public void forEach(BiConsumer<Long, byte[]> hour) {
    hours.forEach(hour);
  }

  private long nextChange() {
    Long coming = hours.higherKey(lastComplete);
    if (hours.isEmpty()) {
      return Long.MAX_VALUE;
    }
    long leaving = hours.firstKey() + historyHours;
    return coming == null ? leaving : Math.min(coming, leaving);
  }

  private List<Long> edges() {
    return history.total() < (long) bins * LEAST_STAYS_PER_BIN
        ? List.of()
        : history.equalFrequencyEdges(bins);
  }
}
