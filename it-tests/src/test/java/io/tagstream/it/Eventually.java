package io.tagstream.it;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions, each with a deadline. */
final class Eventually {

  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(25).toNanos();

  /** Whether it is so now; may look at processes, brokers or files. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  private Eventually() {}

  /**
   * Returns as soon as a condition holds.
   *
   * @param what is waited for, for the failure's message
   */
  static void await(String what, Duration limit, Condition condition) throws Exception {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }
}
