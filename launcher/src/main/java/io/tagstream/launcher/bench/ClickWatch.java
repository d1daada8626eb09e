package io.tagstream.launcher.bench;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.profiles.ProfileReader;
import io.tagstream.launcher.profiles.PublishedProfile;
import io.tagstream.schemas.Cause;
import io.tagstream.schemas.Emission;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads profiles as any client would, and times each click: from its append to the append of the
 * first profile that names it, both by the broker's clock.
 */
final class ClickWatch implements AutoCloseable {

  private static final long LARGEST_MILLIS = Duration.ofHours(1).toMillis();
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final ProfileReader reader;
  private final Thread thread = new Thread(this::run, "click-watch");

  // Guarded by this.
  private final Set<String> seen = new HashSet<>();
  private final Histogram millis = new Histogram(LARGEST_MILLIS, 3);
  private long fromMillis = Long.MAX_VALUE;
  private long toMillis = Long.MAX_VALUE;

  ClickWatch(TagstreamConfig config) {
    reader = new ProfileReader(config);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        reader.poll(this::take);
      }
    } catch (WakeupException e) {
      // Closed.
    } finally {
      reader.close();
    }
  }

  synchronized void take(PublishedProfile published) {
    if (published.profile() == null) {
      return;
    }
    for (Cause cause : published.profile().getCauses()) {
      long append = cause.getAppendTimeMillis();
      if (cause.getEmission() == Emission.CLICK
          && append >= fromMillis
          && append < toMillis
          && seen.add(cause.getImpressionId())) {
        millis.recordValue(
            Math.max(0, Math.min(published.appendTimeMillis() - append, LARGEST_MILLIS)));
      }
    }
  }

  /** Counts clicks that are appended from now on. */
  synchronized void from(long nowMillis) {
    fromMillis = nowMillis;
  }

  /** Counts no clicks that are appended from now on. */
  synchronized void to(long nowMillis) {
    toMillis = nowMillis;
  }

  /** Milliseconds of all clicks counted; a copy. */
  synchronized Histogram millis() {
    return millis.copy();
  }

  @Override
  public void close() {
    reader.wakeup();
    try {
      thread.join(CLOSE_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
