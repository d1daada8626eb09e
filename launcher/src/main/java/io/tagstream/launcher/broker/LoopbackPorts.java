package io.tagstream.launcher.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Free TCP ports on loopback, from below the range the kernel gives to outgoing connections: a
 * broker that was killed finds its own port free when it comes back.
 */
public final class LoopbackPorts {

  private static final int FIRST = 20_000;
  private static final int END = 32_768;
  private static final int ATTEMPTS = 500;

  /** They may not be listened on yet. */
  private static final Set<Integer> GIVEN = new HashSet<>();

  private LoopbackPorts() {}

  /**
   * A port nobody listens on now, another one at every call. Another process may take it before the
   * caller does.
   *
   * @throws IOException when no free port was found
   */
  public static int free() throws IOException {
    return free(1);
  }

  /**
   * The first of some free ports in a row.
   *
   * @throws IOException when there are none
   */
  public static synchronized int free(int count) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int first = ThreadLocalRandom.current().nextInt(FIRST, END - count + 1);
      List<Integer> row = IntStream.range(first, first + count).boxed().toList();
      if (Collections.disjoint(GIVEN, row) && row.stream().allMatch(LoopbackPorts::isFree)) {
        GIVEN.addAll(row);
        return first;
      }
    }
    throw new IOException(
        "no free TCP port found on loopback between " + FIRST + " and " + (END - 1));
  }

  /** Whether a listener can be opened on this loopback port now. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
