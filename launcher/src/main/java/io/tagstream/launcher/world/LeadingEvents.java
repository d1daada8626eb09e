package io.tagstream.launcher.world;

import io.tagstream.schemas.Topic;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The first events of a source: so many, or up to a time. */
public final class LeadingEvents implements EventSource {

  private final EventSource source;
  private final long endMillis;
  private long left;
  private @Nullable WorldEvent next;

  private LeadingEvents(EventSource source, long events, long endMillis) {
    this.source = source;
    this.left = events;
    this.endMillis = endMillis;
  }

  /** The first so many, not counting the records of users before them. */
  public static LeadingEvents first(EventSource source, long events) {
    return new LeadingEvents(source, events, Long.MAX_VALUE);
  }

  /** Those up to the first one of a time or after it. */
  public static LeadingEvents until(EventSource source, long endMillis) {
    return new LeadingEvents(source, Long.MAX_VALUE, endMillis);
  }

  @Override
  public SourceFields fields() {
    return source.fields();
  }

  @Override
  public long startMillis() {
    return source.startMillis();
  }

  @Override
  public long maxOutOfOrdernessMillis() {
    return source.maxOutOfOrdernessMillis();
  }

  @Override
  public boolean endless() {
    return false;
  }

  @Override
  public boolean hasNext() {
    if (next == null && source.hasNext()) {
      next = source.next();
    }
    return next != null
        && next.eventTimeMillis() < endMillis
        && (next.topic() == Topic.USERS || left > 0);
  }

  @Override
  public WorldEvent next() {
    WorldEvent event = hasNext() ? next : null;
    if (event == null) {
      throw new NoSuchElementException("all events were given");
    }
    if (event.topic() != Topic.USERS) {
      left--;
    }
    next = null;
    return event;
  }

  @Override
  public void close() {
    source.close();
  }
}
