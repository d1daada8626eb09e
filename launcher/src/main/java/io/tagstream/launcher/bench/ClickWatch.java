package io.tagstream.launcher.bench;

import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.profiles.ProfileSubscription;
import io.tagstream.schemas.Cause;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.UserTagProfile;
import io.tagstream.subscriber.ProfileChange;
import io.tagstream.subscriber.ProfileSubscriber;
import io.tagstream.subscriber.StartFrom;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * Reads profiles as any client would, and times each click from its append: to the append of the
 * first profile that names it, both by the broker's clock, and to when a reader has it. With
 * transactions the reader waits for the checkpoint.
 */
final class ClickWatch implements AutoCloseable {

  private static final long LARGEST_MILLIS = Duration.ofHours(1).toMillis();

  private final ProfileSubscriber subscriber;

  // Guarded by this.
  private final Set<String> seen = new HashSet<>();
  private final Histogram millis = new Histogram(LARGEST_MILLIS, 3);
  private final Histogram readMillis = new Histogram(LARGEST_MILLIS, 3);
  private long fromMillis = Long.MAX_VALUE;
  private long toMillis = Long.MAX_VALUE;

  /**
   * Watches what is published from now on.
   *
   * @param folder for what it keeps
   */
  ClickWatch(TagstreamConfig config, Path folder) {
    subscriber =
        ProfileSubscription.of(config, folder)
            .startFrom(StartFrom.NOW)
            .onChange(this::take)
            .start();
  }

  private synchronized void take(ProfileChange change) {
    UserTagProfile profile = change.after();
    if (profile == null) {
      return;
    }
    for (Cause cause : profile.getCauses()) {
      long append = cause.getAppendTimeMillis();
      if (cause.getEmission() == Emission.CLICK
          && append >= fromMillis
          && append < toMillis
          && seen.add(cause.getImpressionId())) {
        record(millis, change.appendTimeMillis() - append);
        record(readMillis, System.currentTimeMillis() - append);
      }
    }
  }

  private static void record(Histogram histogram, long value) {
    histogram.recordValue(Math.max(0, Math.min(value, LARGEST_MILLIS)));
  }

  /** Counts clicks that are appended from now on. */
  synchronized void from(long nowMillis) {
    fromMillis = nowMillis;
  }

  /** Counts no clicks that are appended from now on. */
  synchronized void to(long nowMillis) {
    toMillis = nowMillis;
  }

  /** Milliseconds of all clicks counted, from append to append; a copy. */
  synchronized Histogram millis() {
    return millis.copy();
  }

  /** The same from append to a reader; a copy. */
  synchronized Histogram readMillis() {
    return readMillis.copy();
  }

  @Override
  public void close() {
    subscriber.close();
  }
}
