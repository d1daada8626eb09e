package io.tagstream.launcher.bench;

import java.lang.management.ManagementFactory;

/** The Java heap: whether it is large enough, and what is in it. */
final class Heap {

  private static final long MEBIBYTE = 1 << 20;

  private Heap() {}

  /**
   * Refuses a heap that is too small, before minutes are spent on filling it.
   *
   * @param needed bytes
   * @param why what needs them
   */
  static void require(long needed, String why) {
    long most = Runtime.getRuntime().maxMemory();
    if (most < needed) {
      long wanted = (needed / (256 * MEBIBYTE) + 1) * 256;
      throw new IllegalStateException(
          "the heap is %d MB - %s needs about %d MB; set TAGSTREAM_HEAP=%dm, or a smaller --scale"
              .formatted(most / MEBIBYTE, why, needed / MEBIBYTE, wanted));
    }
  }

  /** Megabytes in use once garbage is gone. */
  static double liveMegabytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / (double) MEBIBYTE;
  }

  /** The largest it may become, megabytes. */
  static long maxMegabytes() {
    return Runtime.getRuntime().maxMemory() / MEBIBYTE;
  }
}
