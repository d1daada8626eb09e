package io.tagstream.launcher.world;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Puts events in the order they are emitted in: by event time plus a small random delay. An event
 * with time {@code t} and delay {@code d ≤ D} is emitted no later than any event with a time beyond
 * {@code t + D}, so nothing ever lies more than {@code D} behind.
 */
final class EmissionQueue {

  /** Share of events that are delayed at all: most streams are mostly in order. */
  private static final double DELAYED_SHARE = 0.2;

  private record Emission(long atMillis, long sequence, WorldEvent event) {

    static final Comparator<Emission> ORDER =
        Comparator.comparingLong(Emission::atMillis).thenComparingLong(Emission::sequence);
  }

  private final PriorityQueue<Emission> emissions = new PriorityQueue<>(1024, Emission.ORDER);
  private final SeededRandom random;
  private final int maxDelayMillis;
  private long sequence;

  EmissionQueue(long maxDelayMillis, SeededRandom random) {
    this.maxDelayMillis = Math.toIntExact(maxDelayMillis);
    this.random = random;
  }

  void add(WorldEvent event) {
    long delay = random.chance(DELAYED_SHARE) ? random.nextInt(maxDelayMillis + 1) : 0;
    emissions.add(new Emission(event.eventTimeMillis() + delay, sequence++, event));
  }

  /** When the next one is emitted; {@link Long#MAX_VALUE} when there is none. */
  long nextMillis() {
    Emission next = emissions.peek();
    return next == null ? Long.MAX_VALUE : next.atMillis();
  }

  WorldEvent take() {
    return emissions.remove().event();
  }
}
