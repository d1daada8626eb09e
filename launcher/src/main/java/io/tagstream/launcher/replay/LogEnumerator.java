package io.tagstream.launcher.replay;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.jspecify.annotations.Nullable;

/**
 * Hands every subtask its partitions, and tells all of them together when all partitions are read.
 * One that ended by itself would leave its last watermark behind, and hold back the others for ever
 * (a partition may end weeks before the next); until all are read it is idle instead.
 */
final class LogEnumerator implements SplitEnumerator<LogSplit, List<LogSplit>> {

  /** A reader has come to the end of a partition. */
  record PartitionRead(String splitId) implements SourceEvent {}

  private final SplitEnumeratorContext<LogSplit> context;
  private final int partitions;
  private final boolean last;
  private final List<LogSplit> unassigned;
  private final Set<String> read = new HashSet<>();

  /**
   * An enumerator.
   *
   * @param partitions of the whole replay
   * @param last whether nothing follows this source: see {@link LogReader#of}
   * @param unassigned those that no subtask has yet
   */
  LogEnumerator(
      SplitEnumeratorContext<LogSplit> context,
      int partitions,
      boolean last,
      List<LogSplit> unassigned) {
    this.context = context;
    this.partitions = partitions;
    this.last = last;
    this.unassigned = new ArrayList<>(unassigned);
  }

  @Override
  public void start() {}

  @Override
  public void addReader(int subtask) {
    assign(subtask);
    if (read.size() == partitions) {
      context.signalNoMoreSplits(subtask);
    }
  }

  /**
   * Assigns them all at once: a short one that came before the others would end before they are
   * known, and the subtask's watermark would be at the end for ever. The empty one ends the time of
   * a subtask that has no other; where more follows, nobody would end it, and it would hold back
   * the time of the others.
   */
  private void assign(int subtask) {
    List<LogSplit> own = unassigned.stream().filter(split -> owner(split) == subtask).toList();
    unassigned.removeAll(own);
    List<LogSplit> all = new ArrayList<>(own);
    if (last) {
      all.add(LogSplit.empty());
    }
    if (!all.isEmpty()) {
      context.assignSplits(new SplitsAssignment<>(Map.of(subtask, all)));
    }
  }

  /** Partitions of a topic go to subtasks in turn, and each topic begins with another one. */
  private int owner(LogSplit split) {
    int place = split.log().topic().defaultName().hashCode() + split.log().partition();
    return Math.floorMod(place, context.currentParallelism());
  }

  @Override
  public void addSplitsBack(List<LogSplit> splits, int subtask) {
    List<LogSplit> back = splits.stream().filter(split -> !split.isEmpty()).toList();
    back.forEach(split -> read.remove(split.splitId()));
    unassigned.addAll(back);
  }

  @Override
  public void handleSourceEvent(int subtask, SourceEvent event) {
    if (event instanceof PartitionRead end && read.add(end.splitId())) {
      if (read.size() == partitions) {
        context.registeredReaders().keySet().forEach(context::signalNoMoreSplits);
      }
    }
  }

  @Override
  public void handleSplitRequest(int subtask, @Nullable String host) {
    // Splits are handed out when a reader comes.
  }

  @Override
  public List<LogSplit> snapshotState(long checkpointId) {
    return List.copyOf(unassigned);
  }

  @Override
  public void close() {}
}
