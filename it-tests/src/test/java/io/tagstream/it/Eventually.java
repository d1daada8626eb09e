package io.tagstream.it;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions, each with a deadline. */
public final class Eventually {

  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(25).toNanos();

  /** Whether it is so now; may look at processes, brokers or files. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  private Eventually() {}

  /** What there is to say about a wait that ended in vain. */
  @FunctionalInterface
  public interface Report {
    String make() throws Exception;
  }

  /**
   * Returns as soon as a condition holds.
   *
   * @param what is waited for, for the failure's message
   */
  public static void await(String what, Duration limit, Condition condition) throws Exception {
    await(what, limit, condition, () -> "");
  }

  /**
   * The same, with more in the failure's message.
   *
   * @param report asked for when the limit has passed
   */
  public static void await(String what, Duration limit, Condition condition, Report report)
      throws Exception {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "not within %d ms: %s %s".formatted(limit.toMillis(), what, report.make()));
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }
}
