package io.tagstream.launcher.bench;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The reins of one job's source: it runs so many ticks when told, and says how long they took, so
 * that jobs side by side can be run by turns. Found by name, because job and benchmark meet only in
 * the process they share.
 */
final class Lane implements AutoCloseable {

  private static final Map<String, Lane> LANES = new ConcurrentHashMap<>();

  private final String name;
  private final LinkedBlockingQueue<Long> orders = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Turn> turns = new LinkedBlockingQueue<>();

  /** A turn that was run. */
  record Turn(long nanos, long facts) {}

  private Lane(String name) {
    this.name = name;
  }

  static Lane open(String name) {
    Lane lane = new Lane(name);
    LANES.put(name, lane);
    return lane;
  }

  static Lane named(String name) {
    Lane lane = LANES.get(name);
    if (lane == null) {
      throw new IllegalStateException(name + " - no such lane is open in this process");
    }
    return lane;
  }

  /** Orders a turn and waits for its end. */
  Turn run(long ticks, long limitSeconds) throws InterruptedException {
    order(ticks);
    return finished(limitSeconds);
  }

  void order(long ticks) {
    orders.add(ticks);
  }

  Turn finished(long limitSeconds) throws InterruptedException {
    Turn turn = turns.poll(limitSeconds, TimeUnit.SECONDS);
    if (turn == null) {
      throw new IllegalStateException(
          name
              + ": no end of a turn within "
              + limitSeconds
              + " s - did its job fail? See the log");
    }
    return turn;
  }

  long nextOrder() throws InterruptedException {
    return orders.take();
  }

  void finish(Turn turn) {
    turns.add(turn);
  }

  @Override
  public void close() {
    LANES.remove(name, this);
  }
}
