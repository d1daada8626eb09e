package io.tagstream.launcher.world;

import java.util.Iterator;

/**
 * An ordered stream of events: {@link io.tagstream.schemas.Topic#USERS user attributes} first, then
 * what the users saw and did.
 *
 * <p>An event's time is never more than {@link #maxOutOfOrdernessMillis()} behind the largest event
 * time before it. So a writer that sends events in this order, one at a time per partition, keeps
 * every partition within that bound, however fast it runs: the watermark of a partition never
 * passes an event still to come. Order between partitions is the reader's business.
 *
 * <p>Same source, same configuration: same events. Not thread-safe.
 */
public interface EventSource extends Iterator<WorldEvent>, AutoCloseable {

  /** What the source's events carry, for configuring the stages. */
  SourceFields fields();

  /** No event is earlier than this, milliseconds since the epoch. */
  long startMillis();

  /** How far an event's time may lie behind the largest before it, milliseconds. */
  long maxOutOfOrdernessMillis();

  /** Whether the stream never ends; then {@link #hasNext()} is always true. */
  boolean endless();

  @Override
  void close();
}
