package io.tagstream.launcher.replay;

import io.tagstream.schemas.Topic;
import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A partition and how far it was read.
 *
 * @param log its files, at least those that are not read
 * @param nextOffset of the first record that is not read
 */
record LogSplit(PartitionLog log, long nextOffset) implements SourceSplit {

  /** A partition from its beginning. */
  static LogSplit of(PartitionLog log) {
    return new LogSplit(log, 0);
  }

  /**
   * Of a reader itself: without files, so read at once. It says so where no other partition does.
   */
  static LogSplit empty() {
    return of(new PartitionLog(Topic.CLICKS, -1, List.of()));
  }

  /** Whether it is none of the replay's partitions. */
  boolean isEmpty() {
    return isEmpty(log);
  }

  private static boolean isEmpty(PartitionLog log) {
    return log.partition() < 0;
  }

  @Override
  public String splitId() {
    return log.name();
  }

  /** How far a reader is. */
  static final class Progress {
    private final PartitionLog log;
    private long nextOffset;

    Progress(LogSplit split) {
      this.log = split.log;
      this.nextOffset = split.nextOffset;
    }

    String splitId() {
      return log.name();
    }

    Topic topic() {
      return log.topic();
    }

    boolean isEmpty() {
      return LogSplit.isEmpty(log);
    }

    void read(long offsetBehind) {
      nextOffset = offsetBehind;
    }

    LogSplit split() {
      return new LogSplit(log.from(nextOffset), nextOffset);
    }
  }
}
