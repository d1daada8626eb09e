package io.tagstream.launcher.cli;

import io.tagstream.subscriber.SubscriberStatus;
import io.tagstream.subscriber.SubscriberStatus.State;
import java.time.Duration;
import java.util.Locale;

/** Says on standard error how far a subscriber is, when it takes long or waits. */
final class CatchUpProgress {

  private static final long QUIET_NANOS = Duration.ofSeconds(2).toNanos();

  private final Terminal terminal;
  private long saidNanos = System.nanoTime();
  private boolean said;
  private boolean waiting;

  CatchUpProgress(Terminal terminal) {
    this.terminal = terminal;
  }

  /** To be called again and again. */
  void show(SubscriberStatus status) {
    boolean waits = status.state() == State.WAITING;
    if (waits != waiting) {
      waiting = waits;
      terminal.progress(waits ? "waiting: " + status.problem() : "Kafka answers again");
    }
    if (status.caughtUp()) {
      if (said) {
        terminal.progress(text("caught up: %,d profiles", status.users()));
      }
      said = false;
    } else if (!waits && System.nanoTime() - saidNanos > QUIET_NANOS) {
      terminal.progress(
          text("catching up: %,d records read, %,d to go", status.records(), status.lag()));
      saidNanos = System.nanoTime();
      said = true;
    }
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
