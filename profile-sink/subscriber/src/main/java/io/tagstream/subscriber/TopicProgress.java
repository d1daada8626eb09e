package io.tagstream.subscriber;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far all partitions have been read, and which have to be read again. Knows no client. Not
 * thread-safe.
 */
final class TopicProgress {

  private static final Logger LOG = LoggerFactory.getLogger(TopicProgress.class);

  private final Map<Integer, PartitionProgress> partitions;
  private final Set<Integer> changed = new HashSet<>();

  /** Ends that partitions had at a time, while they have not been reached. */
  private final Map<Integer, Long> goal = new HashMap<>();

  private long goalMillis;
  private boolean firstGoalReached;

  /**
   * Progress so far.
   *
   * @param stored by partition; empty at the first start
   */
  TopicProgress(Map<Integer, PartitionProgress> stored) {
    partitions = new TreeMap<>(stored);
  }

  /**
   * Compares with what the topic holds.
   *
   * @param start where partitions unknown so far begin
   * @param afterGap whether it was not followed just before
   * @param tombstonesKeptMillis the topic's {@code delete.retention.ms}
   * @param lost partitions whose next record the broker does not know
   * @return partitions that go on from another offset than they were at, or were unknown
   */
  Set<Integer> take(
      TopicView view,
      StartFrom start,
      boolean afterGap,
      long tombstonesKeptMillis,
      Set<Integer> lost) {
    // While it is followed, only a slow reader could miss one, and would read again for ever.
    long tombstonesSinceMillis = afterGap ? view.atMillis() - tombstonesKeptMillis : Long.MIN_VALUE;
    Set<Integer> moved = new HashSet<>();
    view.partitions()
        .forEach(
            (partition, range) -> {
              PartitionProgress now = partitions.get(partition);
              if (now == null) {
                put(partition, PartitionProgress.first(start, range, view.atMillis()));
                moved.add(partition);
                return;
              }
              String why =
                  reasonToReadAgain(now, range, lost.contains(partition), tombstonesSinceMillis);
              if (why != null) {
                LOG.warn("partition {} is read from its beginning again: {}", partition, why);
                put(partition, now.again(range, view.atMillis()));
                moved.add(partition);
              }
            });
    aim(view);
    return moved;
  }

  private static @Nullable String reasonToReadAgain(
      PartitionProgress now, OffsetRange range, boolean lost, long tombstonesSinceMillis) {
    if (lost) {
      return "offset %d is not there".formatted(now.nextOffset());
    }
    if (now.isBefore(range)) {
      return "offset %d is gone; it begins at %d".formatted(now.nextOffset(), range.begin());
    }
    if (now.mayMissTombstones(range, tombstonesSinceMillis)) {
      return "it was not followed for longer than the topic keeps tombstones";
    }
    return null;
  }

  /** A goal that was not reached stays: reaching it says something about an earlier time. */
  private void aim(TopicView view) {
    if (goal.isEmpty()) {
      goalMillis = view.atMillis();
      view.partitions().forEach((partition, range) -> goal.put(partition, range.end()));
      Set.copyOf(goal.keySet()).forEach(partition -> reach(partition, of(partition).nextOffset()));
    }
  }

  /** A partition has been read up to this offset. */
  void moveTo(int partition, long nextOffset) {
    put(partition, of(partition).at(nextOffset));
    reach(partition, nextOffset);
  }

  private void reach(int partition, long nextOffset) {
    Long end = goal.get(partition);
    if (end != null && nextOffset >= end) {
      goal.remove(partition);
      put(partition, of(partition).asOf(goalMillis));
      firstGoalReached |= goal.isEmpty();
    }
  }

  /** Users of these partitions that were not seen are forgotten by now. */
  void swept(Set<Integer> which) {
    which.forEach(partition -> put(partition, of(partition).swept()));
  }

  /** Partitions that were read again to the end, and may hold users that were not seen. */
  Set<Integer> dueForSweep() {
    Set<Integer> due = new HashSet<>();
    partitions.forEach(
        (partition, now) -> {
          if (now.isSweepDue()) {
            due.add(partition);
          }
        });
    return due;
  }

  /** Whether all that was there at the start has been read, and nothing is read again. */
  boolean caughtUp() {
    return firstGoalReached
        && partitions.values().stream().noneMatch(PartitionProgress::isReadAgain);
  }

  /** A partition's progress. */
  PartitionProgress of(int partition) {
    PartitionProgress now = partitions.get(partition);
    if (now == null) {
      throw new IllegalStateException("partition " + partition + " is not followed");
    }
    return now;
  }

  /** All partitions followed. */
  Set<Integer> partitions() {
    return Set.copyOf(partitions.keySet());
  }

  /** Puts what changed since the last call into a batch. */
  void drainTo(StoreBatch batch) {
    changed.forEach(partition -> batch.put(partition, of(partition)));
    changed.clear();
  }

  private void put(int partition, PartitionProgress next) {
    partitions.put(partition, next);
    changed.add(partition);
  }
}
