package io.tagstream.launcher.replay;

import io.tagstream.ingestion.flink.EventTimeWatermarks;
import io.tagstream.schemas.DeadLetter;
import io.tagstream.schemas.InputRecord;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A partition beside others: its next record is known before it is taken. Not thread-safe. */
final class LogLane implements Closeable {

  /**
   * What is taken.
   *
   * @param record null: the partition is read, and this is told once
   * @param nextOffset behind it
   */
  record Element(@Nullable InputRecord record, long nextOffset) {}

  private final LogCursor cursor;
  private @Nullable Element next;
  private long nextMillis = Long.MIN_VALUE;
  private boolean taken;

  LogLane(LogCursor cursor) {
    this.cursor = cursor;
  }

  /** Whether everything was taken, the end included. */
  boolean taken() {
    return taken;
  }

  /**
   * Event time of what comes next, milliseconds since the epoch. A refused record has none: it
   * comes along with the one before.
   */
  long nextMillis() throws IOException {
    peek();
    return nextMillis;
  }

  /** The next record, or at last the end. */
  Element take() throws IOException {
    Element element = peek();
    next = null;
    taken = element.record == null;
    return element;
  }

  private Element peek() throws IOException {
    Element known = next;
    if (known == null) {
      InputRecord record = cursor.next();
      if (record != null && !(record.getBody() instanceof DeadLetter)) {
        nextMillis = EventTimeWatermarks.timestamps().extractTimestamp(record, Long.MIN_VALUE);
      }
      known = new Element(record, cursor.nextOffset());
      next = known;
    }
    return known;
  }

  @Override
  public void close() throws IOException {
    cursor.close();
  }
}
