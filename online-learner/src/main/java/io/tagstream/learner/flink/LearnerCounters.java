package io.tagstream.learner.flink;

import java.nio.ByteBuffer;

/** What the learner has done since the job's first start. Mutable. */
final class LearnerCounters {

  private static final byte VERSION = 1;
  private static final int BYTES = 1 + 4 * Long.BYTES;

  long samplesTrained;
  long samplesQuarantined;

  /** Largest event time trained, milliseconds since the epoch; 0 before the first. */
  long eventTimeMillis;

  /** Wall clock of the last model snapshot taken; 0 before the first. */
  long snapshotAtMillis;

  /**
   * Layout 1, big-endian: version (byte), samples trained, samples quarantined, largest event time,
   * wall clock of the last snapshot (longs).
   */
  byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .put(VERSION)
        .putLong(samplesTrained)
        .putLong(samplesQuarantined)
        .putLong(eventTimeMillis)
        .putLong(snapshotAtMillis)
        .array();
  }

  /**
   * Takes over what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException when version or length do not fit
   */
  void restore(byte[] bytes) {
    if (bytes.length != BYTES || bytes[0] != VERSION) {
      throw new IllegalArgumentException(
          String.format(
              "learner counters: %d bytes - this release reads version %d of %d bytes",
              bytes.length, VERSION, BYTES));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, BYTES - 1);
    samplesTrained = buffer.getLong();
    samplesQuarantined = buffer.getLong();
    eventTimeMillis = buffer.getLong();
    snapshotAtMillis = buffer.getLong();
  }
}
