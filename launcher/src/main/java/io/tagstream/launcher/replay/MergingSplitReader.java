package io.tagstream.launcher.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.jspecify.annotations.Nullable;

/**
 * Reads a subtask's partitions side by side, always the one whose next record is oldest, so that
 * they stay together in event time and little has to wait for the watermark.
 */
final class MergingSplitReader implements SplitReader<LogLane.Element, LogSplit> {

  private static final int BATCH = 500;
  private static final long WAIT_MILLIS = 100;

  private final LogRange range;
  private final RecordDecoding decoding;
  private final BooleanSupplier allRead;
  private final Map<String, LogLane> lanes = new LinkedHashMap<>();
  private final Set<String> paused = new HashSet<>();
  private final Object rest = new Object();
  private boolean awake;

  /**
   * A reader.
   *
   * @param allRead whether all subtasks have come to the ends of their partitions
   */
  MergingSplitReader(LogRange range, RecordDecoding decoding, BooleanSupplier allRead) {
    this.range = range;
    this.decoding = decoding;
    this.allRead = allRead;
  }

  @Override
  public void handleSplitsChanges(SplitsChange<LogSplit> change) {
    for (LogSplit split : change.splits()) {
      LogCursor cursor = new LogCursor(split.log(), split.nextOffset(), range, decoding);
      lanes.put(split.splitId(), new LogLane(cursor));
    }
  }

  @Override
  public void pauseOrResumeSplits(Collection<LogSplit> toPause, Collection<LogSplit> toResume) {
    toPause.forEach(split -> paused.add(split.splitId()));
    toResume.forEach(split -> paused.remove(split.splitId()));
  }

  @Override
  public RecordsWithSplitIds<LogLane.Element> fetch() throws IOException {
    Map<String, Collection<LogLane.Element>> batch = new LinkedHashMap<>();
    String oldest = oldest();
    for (int i = 0; i < BATCH && oldest != null; i++) {
      batch.computeIfAbsent(oldest, lane -> new ArrayList<>()).add(lane(oldest).take());
      oldest = oldest();
    }
    Set<String> finished = Set.of();
    if (batch.isEmpty()) {
      if (allRead.getAsBoolean() && lanes.values().stream().allMatch(LogLane::taken)) {
        finished = Set.copyOf(lanes.keySet());
        close();
      } else {
        rest();
      }
    }
    return new RecordsBySplits<>(batch, finished);
  }

  /** The lane to take from; null when all are paused or at their ends. */
  private @Nullable String oldest() throws IOException {
    String oldest = null;
    long oldestMillis = Long.MAX_VALUE;
    for (Map.Entry<String, LogLane> each : lanes.entrySet()) {
      if (!paused.contains(each.getKey()) && !each.getValue().taken()) {
        long millis = each.getValue().nextMillis();
        if (oldest == null || millis < oldestMillis) {
          oldest = each.getKey();
          oldestMillis = millis;
        }
      }
    }
    return oldest;
  }

  private LogLane lane(String splitId) {
    LogLane lane = lanes.get(splitId);
    if (lane == null) {
      throw new IllegalStateException(splitId + " - is no partition of this reader");
    }
    return lane;
  }

  @SuppressWarnings("WaitNotInLoop") // a wait that ends early only looks once more
  private void rest() throws IOException {
    synchronized (rest) {
      try {
        if (!awake) {
          rest.wait(WAIT_MILLIS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      awake = false;
    }
  }

  @Override
  public void wakeUp() {
    synchronized (rest) {
      awake = true;
      rest.notifyAll();
    }
  }

  @Override
  public void close() throws IOException {
    for (LogLane lane : lanes.values()) {
      lane.close();
    }
    lanes.clear();
  }
}
