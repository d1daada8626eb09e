package io.tagstream.launcher.evaluation.stream;

import io.tagstream.launcher.world.EventSource;
import io.tagstream.launcher.world.SourceFields;
import io.tagstream.launcher.world.WorldEvent;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A source's events up to the first one of a time or after it. */
final class EventsUntil implements EventSource {

  private final EventSource source;
  private final long endMillis;
  private @Nullable WorldEvent next;

  EventsUntil(EventSource source, long endMillis) {
    this.source = source;
    this.endMillis = endMillis;
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
    return next != null && next.eventTimeMillis() < endMillis;
  }

  @Override
  public WorldEvent next() {
    WorldEvent event = hasNext() ? next : null;
    if (event == null) {
      throw new NoSuchElementException("all events were given");
    }
    next = null;
    return event;
  }

  @Override
  public void close() {
    source.close();
  }
}
