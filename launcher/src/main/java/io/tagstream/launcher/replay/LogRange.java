package io.tagstream.launcher.replay;

import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;

/**
 * Which events of a log are replayed: those within the times and, of a partition with offsets,
 * within those too. Items, users and deletions are always read whole: events need them.
 *
 * @param sinceMillis append time in the range, milliseconds since the epoch
 * @param untilMillis append time behind it
 * @param offsets per partition; a partition without is not limited
 */
public record LogRange(long sinceMillis, long untilMillis, Map<Partition, Offsets> offsets)
    implements Serializable {

  /** Everything. */
  public static final LogRange ALL = new LogRange(Long.MIN_VALUE, Long.MAX_VALUE, Map.of());

  /** A partition of a topic. */
  public record Partition(Topic topic, int number) implements Serializable {

    @Override
    public String toString() {
      return topic.defaultName() + "/" + number;
    }
  }

  /**
   * Offsets that follow each other.
   *
   * @param from the first of them
   * @param to behind the last of them
   */
  public record Offsets(long from, long to) implements Serializable {

    /** All there may be. */
    public static final Offsets ALL = new Offsets(0, Long.MAX_VALUE);

    /**
     * Refuses a range that a log does not hold.
     *
     * @param begin first offset that is there
     * @param end behind the last one
     */
    public void requireWithin(Partition partition, String where, long begin, long end)
        throws IOException {
      boolean beginsThere = from == 0 || (from >= begin && from <= end);
      boolean endsThere = to == Long.MAX_VALUE || (to >= begin && to <= end);
      if (!beginsThere || !endsThere) {
        throw new IOException(
            "%s: offsets %s - %s holds %d to %d".formatted(partition, this, where, begin, end));
      }
    }

    @Override
    public String toString() {
      return (from == 0 ? "" : from) + ".." + (to == Long.MAX_VALUE ? "" : to);
    }
  }

  public LogRange {
    offsets = Map.copyOf(offsets);
  }

  /** Whether it has an earliest time. */
  public boolean begins() {
    return sinceMillis != Long.MIN_VALUE;
  }

  /** Whether it has a latest time. */
  public boolean ends() {
    return untilMillis != Long.MAX_VALUE;
  }

  /** The offsets of a partition that may be in it. */
  public Offsets offsets(Topic topic, int partition) {
    return offsets.getOrDefault(new Partition(topic, partition), Offsets.ALL);
  }

  boolean contains(Topic topic, Offsets allowed, long offset, long appendTimeMillis) {
    return !topic.event()
        || (sinceMillis <= appendTimeMillis
            && appendTimeMillis < untilMillis
            && allowed.from() <= offset
            && offset < allowed.to());
  }

  boolean overlaps(
      Topic topic,
      Offsets allowed,
      long firstMillis,
      long lastMillis,
      long firstOffset,
      long endOffset) {
    return !topic.event()
        || (firstMillis < untilMillis
            && lastMillis >= sinceMillis
            && firstOffset < allowed.to()
            && endOffset > allowed.from());
  }
}
