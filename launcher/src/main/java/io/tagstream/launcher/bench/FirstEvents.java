package io.tagstream.launcher.bench;

import io.tagstream.launcher.world.EventSource;
import io.tagstream.launcher.world.SourceFields;
import io.tagstream.launcher.world.WorldEvent;
import io.tagstream.schemas.Topic;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The first so many events of a source, not counting the records of users before them. */
final class FirstEvents implements EventSource {

  private final EventSource source;
  private long left;
  private @Nullable WorldEvent next;

  FirstEvents(EventSource source, long events) {
    this.source = source;
    this.left = events;
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
    return next != null && (next.topic() == Topic.USERS || left > 0);
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
